// The slides of "Present": all of them, in both languages, are here at once, so that to move, to switch the language or the theme
// needs no server. Every word and figure comes with them; here they are only put in their places.
//
// The slide that has the live sliders leaves its place to the panel of What-if, which stands on the page. What is let go there is
// answered by the server, which then sends all slides anew.

const SLIDE = "slide"; // the part of the address that names the slide
const NEXT = ["PageDown", " ", "Spacebar", "Enter"];
const BACK = ["PageUp", "Backspace"];
const QUIET = 3000; // milliseconds without a hand after which the bar withdraws
const FAR = 50; // pixels that a finger moves at least to turn a slide
const LARGEST = 1.2; // times the usual size of words on a slide that has room
const NOTES = "cx-notes"; // the name of the second window, and of what this tab remembers
const decks = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (data === null || data === undefined) return undefined;
  let deck = decks.get(parentElement);
  if (!deck) {
    deck = new Deck(parentElement);
    decks.set(parentElement, deck);
  }
  deck.take(data, setTriggerValue);
  return () => {
    if (parentElement.isConnected) return; // a call that newer data overtook is cleaned up too
    deck.leave();
    decks.delete(parentElement);
  };
}

function element(tag, className, parent) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (parent) parent.append(made);
  return made;
}

function button(parent, act, done) {
  const made = element("button", "", parent);
  made.type = "button";
  made.dataset.act = act;
  made.addEventListener("click", done);
  return made;
}

// What this tab remembers through a reload; where the browser keeps nothing, nothing is remembered.
function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing
  }
}

class Deck {
  constructor(root) {
    this.html = document.documentElement;
    this.entry = button(root, "start", () => this.start());
    this.entry.className = "cx-start";
    this.root = element("div", "cx-deck", root);
    this.root.hidden = true;
    this.section = element("section", "cx-slide", this.root);
    this.section.tabIndex = -1;
    this.foot = element("footer", "", this.root);
    this.line = element("p", "cx-deck-line", this.foot);
    this.offline = element("p", "cx-deck-offline", this.foot);
    this.bar = element("div", "cx-deck-bar", this.foot);
    this.buttons = {};
    const acts = {
      back: () => this.move(-1),
      next: () => this.move(1),
      notes: () => this.openNotes(),
      full_screen: () => this.fullScreen(),
      theme: () => this.switchTheme(),
      language: () => this.switchLanguage(),
      leave: () => this.stop(),
    };
    for (const [act, done] of Object.entries(acts)) {
      this.buttons[act] = button(this.bar, act, done);
      if (act === "back") this.place = element("span", "cx-deck-place", this.bar);
    }
    this.buttons.full_screen.hidden = !document.fullscreenEnabled;
    this.said = element("p", "cx-unseen", this.root);
    this.said.setAttribute("role", "status");
    this.listen();
  }

  listen() {
    const on = (target, name, done, options) => {
      target.addEventListener(name, done, options);
      this.undo.push(() => target.removeEventListener(name, done, options));
    };
    this.undo = [];
    on(window, "keydown", (event) => this.key(event), true);
    on(window, "resize", () => this.fit());
    on(document, "pointermove", () => this.awake());
    on(document, "pointerup", (event) => this.letGo(event));
    on(document, "touchstart", (event) => (this.touch = this.mayTurn(event) ? event.touches[0] : null), { passive: true });
    on(document, "touchend", (event) => this.turn(event));
    if (window.navigation) on(window.navigation, "currententrychange", () => this.keepAddress());
    document.fonts.ready.then(() => this.fit());
    const app = document.querySelector("[data-test-connection-state]");
    this.watch = new MutationObserver(() => this.connection(app));
    if (app) this.watch.observe(app, { attributeFilter: ["data-test-connection-state"] });
  }

  leave() {
    clearInterval(this.clock);
    clearTimeout(this.quiet);
    this.watch.disconnect();
    for (const each of this.undo) each();
    this.hide();
    this.root.remove();
    this.entry.remove();
  }

  // What the server says; where it was told on which slide to open, this is the first time.
  take(data, send) {
    const first = !this.data;
    this.data = data;
    this.send = send;
    this.entry.textContent = data.start;
    this.entry.disabled = !data.decks[data.language].slides.length;
    if (first) {
      this.pageLanguage = data.language;
      this.language = data.language;
      this.theme = recall("cx-deck-theme") || data.first.theme || data.theme;
      const asked = new URL(location.href).searchParams.get(SLIDE);
      if (asked !== null && !this.entry.disabled) this.open(asked);
      return;
    }
    if (!this.shown) {
      this.language = data.language;
      return;
    }
    if (!this.slides.length) return this.stop();
    this.at = Math.max(this.find(this.current), 0);
    if (data.language !== this.language) this.tell();
    this.draw(false);
  }

  get deck() {
    return this.data.decks[this.language];
  }

  get slides() {
    return this.deck.slides;
  }

  find(id) {
    return this.slides.findIndex((one) => one.id === id);
  }

  start() {
    this.language = this.data.first.language || this.data.language;
    this.theme = this.data.first.theme || this.theme;
    remember("cx-deck-start", String(Date.now()));
    this.open(null);
    if (this.language !== this.data.language) this.tell();
    this.fullScreen(true);
  }

  open(id) {
    this.shown = true;
    this.at = Math.max(this.find(id), 0);
    if (recall("cx-deck-start") === null) remember("cx-deck-start", String(Date.now()));
    this.html.classList.add("cx-presenting");
    this.root.hidden = false;
    this.draw(true);
    this.awake();
    this.clock = setInterval(() => this.tick(), 1000);
    if (recall(NOTES) === "open") this.openNotes();
  }

  hide() {
    this.shown = false;
    this.html.classList.remove("cx-presenting", "cx-at-live", "cx-black");
    delete this.html.dataset.theme;
    this.root.hidden = true;
  }

  // Back to the page, in the language that was spoken last.
  stop() {
    clearInterval(this.clock);
    if (document.fullscreenElement) document.exitFullscreen();
    if (this.notes && !this.notes.closed) this.notes.close();
    for (const name of ["cx-deck-theme", "cx-deck-start", NOTES]) remember(name, null);
    this.hide();
    this.keepAddress();
    if (this.language !== this.pageLanguage) location.reload();
    else this.entry.focus();
  }

  move(by) {
    this.go(this.at + by);
  }

  go(place) {
    const at = Math.min(Math.max(place, 0), this.slides.length - 1);
    if (at === this.at) return;
    this.at = at;
    this.html.classList.remove("cx-black");
    this.draw(true);
  }

  // Draw where one is; `moved`: it is another slide, which begins at its top and is announced.
  draw(moved) {
    const { deck } = this;
    const slide = this.slides[this.at];
    this.current = slide.id;
    Object.assign(this.root, { lang: this.language, dir: deck.direction });
    Object.assign(this.html, { lang: this.language, dir: deck.direction });
    this.html.dataset.theme = this.theme;
    const live = slide.id === this.data.live && this.data.language === this.language;
    this.html.classList.toggle("cx-at-live", live);
    this.section.dataset.slide = slide.id;
    this.section.setAttribute("aria-label", slide.announced);
    if (this.section.innerHTML !== slide.html && this.painted !== slide.html) {
      this.painted = slide.html;
      this.section.innerHTML = slide.html;
    }
    this.place.textContent = slide.position;
    this.line.textContent = deck.line;
    this.offline.textContent = deck.words.offline;
    for (const [act, made] of Object.entries(this.buttons)) {
      made.title = deck.words[act];
      made.setAttribute("aria-label", deck.words[act]);
    }
    this.buttons.back.disabled = this.at === 0;
    this.buttons.next.disabled = this.at === this.slides.length - 1;
    if (moved) {
      this.section.scrollTop = 0;
      this.said.textContent = slide.announced;
      if (!this.bar.contains(document.activeElement) || document.activeElement.disabled) this.section.focus({ preventScroll: true });
    }
    this.fit();
    this.keepAddress();
    this.drawNotes();
  }

  // The largest words with which a slide has room; on a phone it scrolls instead.
  fit() {
    if (!this.shown) return;
    for (let size = LARGEST; size > 0.88; size -= 0.03) {
      this.section.style.setProperty("--fit", size);
      if (this.section.scrollHeight <= this.section.clientHeight) break;
    }
  }

  // The address names the slide and the language, also after the server has written it anew.
  keepAddress() {
    if (!this.data) return;
    const address = new URL(location.href);
    if (this.shown) {
      address.searchParams.set(SLIDE, this.current);
      address.searchParams.set("lang", this.language);
    } else {
      address.searchParams.delete(SLIDE);
      if (this.language !== this.pageLanguage) address.searchParams.set("lang", this.language);
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  key(event) {
    if (!this.shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const ours = this.root.contains(target) || target === document.body || target.ownerDocument !== document;
    const typing = target.matches?.("input[type=text], textarea");
    const sliding = target.matches?.("input[type=range]");
    if (key === "Escape" && !ours) return this.take_back(event);
    if (typing && key.length === 1) return;
    if ((typing || sliding) && (key.startsWith("Arrow") || ["Home", "End", "Enter", "Backspace"].includes(key))) return;
    if (target.closest?.("button, a") && [" ", "Enter"].includes(key)) return;
    const forward = this.deck.direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = this.deck.direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    if (key === forward || (NEXT.includes(key) && !event.shiftKey)) this.move(1);
    else if (key === backward || BACK.includes(key) || (key === " " && event.shiftKey)) this.move(-1);
    else if (key === "Home") this.go(0);
    else if (key === "End") this.go(this.slides.length - 1);
    else if (event.code === "KeyF") this.fullScreen();
    else if (event.code === "KeyD") this.switchTheme();
    else if (event.code === "KeyL") this.switchLanguage();
    else if (event.code === "KeyN") this.openNotes();
    else if (event.code === "KeyB" || key === ".") this.html.classList.toggle("cx-black");
    else if (key === "Escape" && document.fullscreenElement) this.fullScreen(false);
    else if (key === "Escape") this.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // From a slider or a box of the live panel back to the slides.
  take_back(event) {
    event.preventDefault();
    this.section.focus({ preventScroll: true });
  }

  // A slider that was let go gives the keys back: the next press of a clicker turns the slide.
  letGo(event) {
    if (this.shown && event.target.matches?.("input[type=range]")) setTimeout(() => this.section.focus({ preventScroll: true }), 0);
  }

  mayTurn(event) {
    return this.shown && event.touches.length === 1 && !event.target.closest("input, .cx-grip");
  }

  turn(event) {
    if (!this.touch) return;
    const [end] = event.changedTouches;
    const [x, y] = [end.clientX - this.touch.clientX, end.clientY - this.touch.clientY];
    const wide = event.target.closest?.(".cx-words");
    this.touch = null;
    if (Math.abs(x) < FAR || Math.abs(x) < 1.5 * Math.abs(y) || (wide && wide.scrollWidth > wide.clientWidth)) return;
    this.move((x < 0) === (this.deck.direction === "ltr") ? 1 : -1);
  }

  awake() {
    clearTimeout(this.quiet);
    this.root.classList.remove("cx-still");
    this.quiet = setTimeout(() => this.root.classList.add("cx-still"), QUIET);
  }

  fullScreen(on = !document.fullscreenElement) {
    if (!document.fullscreenEnabled) return;
    const done = on ? this.html.requestFullscreen() : document.exitFullscreen();
    done.catch(() => {}); // a browser that does not want to stays as it is
  }

  switchTheme() {
    this.theme = this.theme === "dark" ? "light" : "dark";
    remember("cx-deck-theme", this.theme);
    this.draw(false);
  }

  switchLanguage() {
    this.language = Object.keys(this.data.decks).find((one) => one !== this.language);
    this.said.textContent = this.slides[this.at].announced;
    this.draw(false);
    this.tell();
  }

  // The live panel speaks the language of the slides once the server has heard of it; until then its slide is a still one.
  tell() {
    this.send("told", { language: this.language });
  }

  connection(app) {
    const lost = app.dataset.testConnectionState !== "CONNECTED";
    this.root.classList.toggle("cx-lost", lost);
    if (!lost && this.shown && this.data.language !== this.language) this.tell();
  }

  openNotes() {
    this.notes = window.open("", NOTES, "popup,width=960,height=680");
    if (!this.notes) return;
    remember(NOTES, "open");
    this.notes.focus();
    const page = this.notes.document;
    page.head.replaceChildren();
    page.body.replaceChildren();
    element("style", "", page.head).textContent = this.data.notes_look;
    this.told = {};
    for (const [name, tag] of [["now", "p"], ["since", "p"], ["place", "p"], ["title", "h1"], ["notes", "div"], ["then", "p"], ["next", "h2"]]) {
      this.told[name] = page.body.appendChild(page.createElement(tag));
      this.told[name].className = name;
    }
    this.notes.onkeydown = (event) => this.key(event);
    this.drawNotes();
    this.tick();
  }

  drawNotes() {
    if (!this.notes || this.notes.closed) return;
    const { deck, told } = this;
    const slide = this.slides[this.at];
    const page = this.notes.document;
    page.title = deck.words.notes_title;
    Object.assign(page.documentElement, { lang: this.language, dir: deck.direction });
    page.documentElement.dataset.theme = this.theme;
    told.place.textContent = slide.position;
    told.title.textContent = slide.title;
    told.then.textContent = deck.words.next_title;
    told.next.textContent = slide.next;
    told.notes.replaceChildren(
      ...slide.notes.map((words) => {
        const line = page.createElement("p");
        line.textContent = words;
        return line;
      }),
    );
    this.tick();
  }

  tick() {
    if (!this.notes) return;
    if (this.notes.closed) {
      this.notes = null;
      remember(NOTES, null);
      return;
    }
    const { words, digits } = this.deck;
    const clock = (time, options) => new Intl.DateTimeFormat(`en-GB-u-nu-${digits}`, { ...options, hourCycle: "h23" }).format(time);
    const started = Number(recall("cx-deck-start"));
    this.told.now.textContent = `${words.now} ${clock(new Date(), { hour: "2-digit", minute: "2-digit" })}`;
    const since = clock(new Date(Date.now() - started), { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
    this.told.since.textContent = `${words.since_start} ${since}`;
  }
}
