// The panel of What-if: it follows the hand, and says so to the server once it is let go.
//
// Every figure and every word comes from the server: of the plan that stands, and of each step of a slider that somebody takes
// hold of ("stops"). Here they are only looked up, put in their places and, after a release, held until the server has answered.
// The panel is answered first; what stands below it on the page is asked for once the answer is there ("below").
// Streamlit also has a call cleaned up that newer data overtook, while the panel stays on the page: only who is off the page leaves.

const NAMES = ["investment_level_percent", "retention_uplift_pp", "support_cost_change_percent"];
const KEYS_REST = 180; // milliseconds without a key after which the plan counts as chosen
const instances = new WeakMap();
const send = { panel: null, stops: null, below: null };
const known = new Map(); // by what else holds: value -> plan
const whole = new Set(); // of which slider every step is known
let shown = null; // the panel on the page
let below = null; // the last message that what stands below the panel has heard of

export default function ({ data, parentElement, setTriggerValue }) {
  if (data === null || data === undefined) return undefined;
  send[data.kind] = setTriggerValue;
  if (data.kind === "stops") {
    learn(data);
    if (shown) shown.paint();
    return undefined;
  }
  if (data.kind === "below") {
    below = data.seq;
    if (shown) shown.follow();
    return () => {
      if (!parentElement.isConnected) below = send.below = null;
    };
  }
  let panel = instances.get(parentElement);
  if (!panel) {
    panel = new Panel(parentElement);
    instances.set(parentElement, panel);
  }
  shown = panel;
  panel.take(data);
  return () => {
    if (parentElement.isConnected) return;
    panel.leave();
    instances.delete(parentElement);
    if (shown === panel) shown = null;
  };
}

function learn({ base, name, state, stops, complete }) {
  if (!stops) return;
  const key = keyOf(base, name, state);
  if (known.size > 24) {
    known.clear();
    whole.clear();
  }
  if (!known.has(key)) known.set(key, new Map());
  for (const [value, plan] of stops) known.get(key).set(value, plan);
  if (complete) whole.add(key);
}

function keyOf(base, name, state) {
  const others = NAMES.filter((each) => each !== name).map((each) => state[each]);
  return JSON.stringify([base, name, others]);
}

function element(tag, className, parent) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (parent) parent.append(made);
  return made;
}

class Panel {
  constructor(root) {
    this.root = element("div", "cx-live", root);
    this.stage = element("div", "cx-live-stage", this.root);
    this.bar = element("div", "cx-knobs", this.root);
    const brief = element("p", "cx-brief", this.bar); // on a phone, what stays in view above the sliders
    brief.setAttribute("aria-hidden", "true");
    for (const [tag, name] of [["strong", "worth"], ["span", "worth_range"], ["span", "loss_brief"]]) element(tag, "", brief).dataset.f = name;
    this.acts = element("div", "cx-acts", this.root);
    this.said = element("p", "cx-unseen", this.root);
    this.said.setAttribute("role", "status");
    this.knobs = new Map();
    this.asked = new Set();
    this.sent = 0; // the number of the last message
    this.waiting = []; // the messages that the server has not answered, told again with each new one: it may have heard only the last
    this.moved = {}; // what was moved since
    this.dragging = false;
    this.active = null;
    this.timer = 0;
    this.flush = (event) => {
      if (!this.dragging && !this.bar.contains(event.target)) this.commit();
    };
    document.addEventListener("pointerdown", this.flush, true);
    this.stage.addEventListener("pointerdown", (event) => this.grasp(event));
    this.stage.addEventListener("pointerenter", () => this.touch(NAMES[0]));
    this.stage.addEventListener("click", (event) => {
      const to = event.target.closest("[data-to]");
      if (to) this.knobs.get(to.dataset.to)?.range.focus();
    });
  }

  leave() {
    clearTimeout(this.timer);
    document.removeEventListener("pointerdown", this.flush, true);
    this.root.remove();
  }

  get dirty() {
    return Object.keys(this.moved).length > 0;
  }

  // What the server says; what is under the hand, or on its way there, stays as it was put.
  take(data) {
    const first = !this.data;
    if (first) this.sent = data.seq;
    else if (data.seq < this.data.seq) this.begin_again(data.seq);
    if (first || data.seq !== this.data.seq || data.base !== this.data.base) this.asked.clear();
    this.data = data;
    this.waiting = this.waiting.filter((message) => message.seq > data.seq);
    this.state = Object.assign({}, data.state, ...this.waiting.map((message) => message.moved ?? {}), this.moved);
    if (this.html !== data.html && !this.dragging) {
      this.html = data.html;
      this.stage.innerHTML = data.html;
    }
    this.drawKnobs();
    this.drawActs();
    this.paint();
    const settled = !this.waiting.length && !this.dirty;
    this.root.dataset.settled = settled ? "yes" : "no";
    if (settled && this.said.textContent !== data.plan.announced && !first) this.said.textContent = data.plan.announced;
    this.follow();
  }

  // What stands below the panel comes after its answer, and the steps of the slider under the hand after both.
  follow() {
    const settled = this.root.dataset.settled === "yes";
    const all = below === null || below === this.data.seq;
    this.root.dataset.all = settled && all ? "yes" : "no";
    if (settled && !all && this.followed !== this.data.seq) {
      this.followed = this.data.seq;
      send.below("follow", { seq: this.data.seq });
    }
    if (all && this.active) this.ask(this.active);
  }

  // A server that was started anew counts from the start, and has heard nothing of what waits.
  begin_again(seq) {
    this.sent = seq;
    for (const message of this.waiting) message.seq = ++this.sent;
    if (this.waiting.length) send.panel("told", { messages: [...this.waiting] });
  }

  tell(message) {
    this.waiting.push({ ...message, seq: ++this.sent });
    this.root.dataset.settled = this.root.dataset.all = "no";
    send.panel("told", { messages: [...this.waiting] });
  }

  plan() {
    if (NAMES.every((name) => this.state[name] === this.data.state[name])) return this.data.plan;
    for (const name of NAMES) {
      const found = known.get(keyOf(this.data.base, name, this.state))?.get(this.state[name]);
      if (found) return found;
    }
    return null;
  }

  paint() {
    if (!this.data) return;
    const plan = this.plan();
    this.root.classList.toggle("cx-waiting", plan === null);
    this.root.dataset.painted = plan === null ? "no" : JSON.stringify(NAMES.map((name) => this.state[name]));
    if (plan) {
      for (const place of this.root.querySelectorAll("[data-f]")) {
        const words = plan.words[place.dataset.f] ?? "";
        if (place.textContent !== words) place.textContent = words;
      }
      for (const [name, value] of Object.entries(plan.places)) this.stage.style.setProperty(`--${name}`, value);
      this.stage.classList.toggle("cx-worse", plan.worse);
    }
    for (const knob of this.knobs.values()) knob.paint(plan);
  }

  drawKnobs() {
    for (const facts of this.data.knobs) {
      if (!this.knobs.has(facts.name)) this.knobs.set(facts.name, new Knob(this, facts.name));
      this.knobs.get(facts.name).take(facts, this.data);
    }
  }

  drawActs() {
    if (!this.buttons) {
      this.buttons = {};
      for (const name of ["save", "copy", "undo", "reset"]) {
        const button = element("button", "", this.acts);
        button.type = "button";
        button.dataset.act = name;
        button.addEventListener("click", () => (name === "copy" ? this.copy() : this.act(name)));
        this.buttons[name] = button;
      }
    }
    for (const [name, button] of Object.entries(this.buttons)) {
      if (!(name === "copy" && this.copying)) button.textContent = this.data.words[name];
      const cannot = this.data.cannot.includes(name);
      if (cannot && document.activeElement === button) this.buttons.copy.focus(); // which is never switched off
      button.disabled = cannot;
    }
  }

  act(name) {
    this.commit();
    this.tell({ kind: "act", name });
  }

  async copy() {
    this.commit();
    for (let wait = 0; this.root.dataset.settled !== "yes" && wait < 50; wait += 1) {
      await new Promise((done) => setTimeout(done, 100));
    }
    const button = this.buttons.copy;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      const field = element("textarea", "cx-unseen", this.root); // where the browser keeps its clipboard from a page
      field.value = location.href;
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    this.copying = true;
    button.textContent = this.data.words.copied;
    this.said.textContent = this.data.words.copied;
    setTimeout(() => {
      this.copying = false;
      button.textContent = this.data.words.copy;
    }, 2000);
  }

  move(name, value) {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.moved[name] = value;
    this.root.dataset.settled = this.root.dataset.all = "no";
    this.paint();
    this.ask(name);
  }

  // The steps of a slider are asked for when a hand comes near, so that they are there when it moves.
  touch(name) {
    this.active = name;
    this.ask(name);
  }

  ask(name) {
    if (!send.stops || !this.data || this.dirty || this.waiting.length) return;
    const key = keyOf(this.data.base, name, this.state);
    if (whole.has(key) || this.asked.has(key)) return;
    this.asked.add(key);
    send.stops("ask", { name });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), KEYS_REST);
  }

  commit() {
    clearTimeout(this.timer);
    if (!this.dirty) return;
    const moved = this.moved;
    this.moved = {};
    this.tell({ kind: "release", moved });
  }

  typed(name, words) {
    this.commit();
    this.tell({ kind: "typed", name, words });
  }

  back(name) {
    this.move(name, null);
    this.commit();
  }

  // The diamond, or any place of the picture: the level under the pointer, in whole steps of the slider.
  grasp(event) {
    const plot = event.target.closest(".cx-plot");
    if (!plot || event.button !== 0 || (event.pointerType === "touch" && !event.target.closest(".cx-grip"))) return;
    event.preventDefault();
    this.dragging = true;
    this.touch(NAMES[0]);
    this.root.classList.add("cx-held");
    const [low, high] = this.data.window;
    const follow = (moved) => {
      const box = plot.getBoundingClientRect();
      let share = (moved.clientX - box.left) / box.width;
      if (document.documentElement.dir === "rtl") share = 1 - share;
      const level = low + Math.min(Math.max(share, 0), 1) * (high - low);
      this.move(NAMES[0], this.knobs.get(NAMES[0]).step(level));
    };
    const stop = () => {
      document.removeEventListener("pointermove", follow);
      document.removeEventListener("pointerup", stop);
      document.removeEventListener("pointercancel", stop);
      this.dragging = false;
      this.root.classList.remove("cx-held");
      this.commit();
    };
    document.addEventListener("pointermove", follow);
    document.addEventListener("pointerup", stop);
    document.addEventListener("pointercancel", stop);
    follow(event);
  }
}

class Knob {
  constructor(panel, name) {
    this.panel = panel;
    this.name = name;
    const box = element("div", "cx-knob", panel.bar);
    box.dataset.knob = name;
    const head = element("div", "cx-knob-head", box);
    this.label = element("label", "", head);
    const right = element("span", "cx-knob-value", head);
    this.words = element("strong", "", right);
    this.box = element("input", "", right);
    this.box.type = "text";
    this.box.inputMode = "decimal";
    this.box.autocomplete = "off";
    this.unit = element("span", "", right);
    const track = element("div", "cx-track", box);
    for (const part of ["rail", "band", "fill", "tick", "mark"]) this[part] = element("i", `cx-${part}`, track);
    this.range = element("input", "", track);
    this.range.type = "range";
    this.range.id = `cx-knob-${name}`;
    this.label.htmlFor = this.range.id;
    const ends = element("div", "cx-ends", box);
    this.low = element("span", "", ends);
    this.today = element("span", "cx-today-word", ends);
    this.high = element("span", "", ends);
    const notes = element("p", "cx-knob-note", box);
    this.note = element("span", "", notes);
    this.evidence = element("button", "", notes);
    this.evidence.type = "button";
    this.refusal = element("p", "cx-refused", box);
    this.refusal.setAttribute("role", "alert");
    this.listen(box);
  }

  listen(box) {
    const { panel, name, range } = this;
    box.addEventListener("pointerenter", () => panel.touch(name));
    range.addEventListener("focus", () => panel.touch(name));
    range.addEventListener("keydown", (event) => this.key(event));
    range.addEventListener("pointerdown", () => (panel.dragging = true));
    range.addEventListener("input", () => panel.move(name, this.step(Number(range.value))));
    range.addEventListener("change", () => {
      panel.dragging = false;
      panel.commit();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      range.addEventListener(end, () => {
        panel.dragging = false;
        setTimeout(() => panel.commit(), 0);
      });
    }
    range.addEventListener("blur", () => panel.commit());
    this.box.addEventListener("focus", () => this.box.select());
    this.box.addEventListener("input", () => (this.typing = true));
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.take_typed();
      if (event.key === "Escape") {
        this.typing = false;
        panel.paint();
      }
    });
    this.box.addEventListener("blur", () => this.take_typed());
    this.evidence.addEventListener("click", () => panel.back(name));
  }

  // A key moves to the next whole step, from wherever a typed value stands; in Arabic the arrows point the way they move.
  key(event) {
    const { low, high, step } = this.facts;
    const rtl = document.documentElement.dir === "rtl";
    const way = { ArrowUp: 1, ArrowDown: -1, ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    let value;
    if (event.key === "Home") value = low;
    else if (event.key === "End") value = high;
    else if (way === undefined) return;
    else {
      const place = (this.value - low) / step;
      const next = Math.abs(way) > 1 ? Math.round(place) + way : way > 0 ? Math.floor(place + 1e-6) + 1 : Math.ceil(place - 1e-6) - 1;
      value = low + next * step;
    }
    event.preventDefault();
    this.panel.move(this.name, this.step(value));
    this.panel.soon();
  }

  step(value) {
    const { low, high, step } = this.facts;
    const at = low + Math.round((value - low) / step) * step;
    return Math.round(Math.min(Math.max(at, low), high) * 1e4) / 1e4;
  }

  take_typed() {
    if (!this.typing) return;
    this.typing = false;
    this.panel.typed(this.name, this.box.value);
  }

  take(facts, data) {
    this.facts = facts;
    this.label.textContent = facts.label;
    this.box.setAttribute("aria-label", facts.typed);
    Object.assign(this.range, { min: facts.low, max: facts.high, step: "any" });
    this.low.textContent = facts.ends[0];
    this.high.textContent = facts.ends[1];
    this.today.textContent = facts.today_words;
    this.today.style.setProperty("--at", facts.today);
    this.tick.style.setProperty("--at", facts.today);
    this.evidence.textContent = facts.own && facts.may_go_back ? data.words.evidence : "";
    this.evidence.hidden = !(facts.own && facts.may_go_back);
    const refused = data.refused && data.refused.name === this.name ? data.refused.words : "";
    if (this.refusal.textContent !== refused) this.refusal.textContent = refused;
  }

  paint(plan) {
    const { facts, panel } = this;
    const own = panel.state[this.name];
    const value = own ?? (plan ? plan.values[this.name] : facts.value);
    this.value = value;
    if (Number(this.range.value) !== value) this.range.value = value;
    const at = (value - facts.low) / (facts.high - facts.low);
    const [start, end] = at < facts.today ? [at, facts.today] : [facts.today, at];
    this.fill.style.setProperty("--from", start);
    this.fill.style.setProperty("--to", end);
    this.range.parentElement.style.setProperty("--at", at);
    const settled = plan === panel.data.plan;
    let band = facts.band;
    if (facts.follows && plan && !settled) band = plan.band ? plan.band.map((one) => (one - facts.low) / (facts.high - facts.low)) : null;
    this.band.hidden = !band;
    if (band) {
      this.band.style.setProperty("--from", Math.min(Math.max(band[0], 0), 1));
      this.band.style.setProperty("--to", Math.min(Math.max(band[1], 0), 1));
    }
    this.mark.hidden = facts.mark === null || !settled;
    this.mark.style.setProperty("--at", facts.mark ?? 0);
    const note = settled || !facts.follows ? facts.note : "";
    if (this.note.textContent !== note) this.note.textContent = note || "\u00a0";
    if (plan) {
      this.words.textContent = plan.words[`${facts.short}_value`] ?? "";
      this.unit.textContent = plan.words[`${facts.short}_unit`] ?? "";
      this.range.setAttribute("aria-valuetext", plan.words[`${facts.short}_read`] ?? String(value));
    }
    if (!this.typing && !panel.waiting.some((message) => message.kind === "typed" && message.name === this.name)) {
      const written = String(Math.round(value * 10) / 10);
      if (this.box.value !== written) this.box.value = written;
    }
  }
}
