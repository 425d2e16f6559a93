"""How this server lets people in: settled once, before it listens, for `python app.py` and `streamlit run` alike.

On this machine alone nobody is asked who they are. On any other address everybody is, unless it is meant that nobody is.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streamlit import config

from cxroi.access.roles import ADMINISTRATOR
from cxroi.actions.place import workspace_folder
from cxroi.actions.sign_in import SessionTimes
from cxroi.environment import SettingError, names
from cxroi.errors import AccessError
from cxroi.store.state.people import People
from cxroi.ui.app import company
from cxroi.ui.app.gate import Hosts, choose_hosts, is_loopback, is_our_name

ANY_ADDRESS = ("0.0.0.0", "::", "", None)  # listen on all of them
MEANT, ASKED, HOSTS = "CXROI_OPEN_TO_NETWORK", "CXROI_SIGN_IN", "CXROI_ALLOWED_HOSTS"
PROXIES, USER_HEADER = "CXROI_PROXY_ADDRESS", "CXROI_PROXY_USER_HEADER"
PERSON_HEADER = "X-Cxroi-Person"  # set by the door after it has asked; what a browser sends under this name is dropped


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """How people come in. `asks` nobody where neither a network nor a person wanted it; `is_open` where that was meant."""

    asks: bool = False
    is_open: bool = False
    proxies: tuple[str, ...] = ()  # addresses that are believed about where a request came from
    user_header: str = ""  # and, where it is named, about who it is from
    by_company: bool = False  # with accounts of the company's own provider too

    @property
    def by_password(self) -> bool:
        """Return whether people sign in here, and not at a proxy in front."""
        return self.asks and not self.user_header


_settled: WayIn | None = None


def way_in() -> WayIn:
    """Return how people come in; until a server is started, as on this machine alone."""
    return _settled or WayIn()


def is_settled() -> bool:
    """Return whether it was settled how people come in."""
    return _settled is not None


def settle_way_in(way: WayIn | None) -> None:
    """Let people in so from now on; None goes back to nothing settled."""
    global _settled
    _settled = way
    if way is not None and way.asks:  # Streamlit gives nobody another person's pages after a lost connection
        config.set_option("server.trustedUserHeaders", {PERSON_HEADER: "name"})


def settle(
    address: str | None,
    *,
    meant: bool = False,
    asked: bool = False,
    allowed: Sequence[str] = (),
    own_server: bool = True,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Settle how people come in to a server that listens on `address`, and under which names it may be asked.

    `meant`: open to a network without sign-in; `asked`: sign-in on this machine too. Raises AccessError where nobody could sign in or where
    names are missing or stand alone, and SettingError for a setting that cannot be meant.
    """
    SessionTimes.of_environment(environment)
    is_here = is_loopback(address)
    meant = meant or environment.get(MEANT) == "1"
    asked = asked or environment.get(ASKED) == "1" or bool(environment.get(USER_HEADER))
    known = (*allowed, *names(environment, HOSTS))
    own = () if address in ANY_ADDRESS else (str(address),)
    if is_here and known and not (asked or meant):  # behind a proxy, it seems, and then others come
        raise AccessError(
            "access.names_alone", names=", ".join(known), flag="--sign-in", open=f"--open-to-network ({MEANT}=1)"
        )
    if meant and (known or not is_here) and not asked:
        choose_hosts(Hosts(names=(*own, socket.gethostname(), *known), addresses=True))
        _judged_before_streamlit()
        settle_way_in(WayIn(is_open=True))
    elif is_here and not asked:
        settle_way_in(WayIn())
    else:
        way = _asking(environment, own_server)
        _ensure_somebody(way, address)
        if not (known or own):
            raise AccessError("access.no_hosts", flag="--allowed-host", variable=HOSTS)
        choose_hosts(Hosts(names=(*own, *known)))
        if way.by_company:
            company.ensure_settings(is_our_name)
        _judged_before_streamlit()
        settle_way_in(way)


def _asking(environment: Mapping[str, str], own_server: bool) -> WayIn:
    header = environment.get(USER_HEADER, "").strip()
    way = WayIn(
        asks=True,
        proxies=names(environment, PROXIES),
        user_header=header,
        by_company=not header and company.is_offered(),
    )
    if way.user_header and not way.proxies:
        raise SettingError("setting.proxy_address", name=USER_HEADER, other=PROXIES)
    if way.user_header and not own_server:  # another server may say another address than the one that really asks
        raise SettingError("setting.proxy_server", name=USER_HEADER)
    return way


def _ensure_somebody(way: WayIn, address: str | None) -> None:
    """Raise AccessError where nobody who could let others in can come in."""
    everybody = People.of(workspace_folder()).everybody()
    if not any(
        one.role == ADMINISTRATOR and (one.has_password or way.user_header or way.by_company) for one in everybody
    ):
        command = "cxroi people add NAME --role administrator"
        raise AccessError(
            "access.nobody_yet",
            address=address or "every address",
            command=command,
            flag=f"--open-to-network ({MEANT}=1)",
        )


def _judged_before_streamlit() -> None:
    config.set_option("server.allowedHosts", ["*"])  # the gate has judged before Streamlit asks
