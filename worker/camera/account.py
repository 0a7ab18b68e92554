"""The camera's login by another way than HTTP: its stream's."""

from typing import Protocol, TypeVar

from worker.camera.digest import Challenge, Credentials, authorization
from worker.camera.guard import Guard
from worker.camera.logins import Event, Password
from worker.camera.rights import STREAM
from worker.domain.errors import CameraError, CameraUnreachable


class Answered(Protocol):
    """What one login came to; "stale" is no refusal."""

    @property
    def refused(self) -> bool: ...

    @property
    def nonce_count(self) -> int:
        """How often the nonce had been used with it, 0 where no login was asked for."""
        ...


AnsweredT = TypeVar("AnsweredT", bound=Answered)
_AnsweredT_co = TypeVar("_AnsweredT_co", bound=Answered, covariant=True)


class Ask(Protocol[_AnsweredT_co]):
    """Sends one login; a fresh nonce is one that was never used."""

    def __call__(self, *, fresh: bool) -> _AnsweredT_co: ...


class CameraAccount:
    """Logs in to the stream under the guard of the CGI: both together cost two refused logins at most.

    A refusal here does not speak for the password, as many cameras answer so when their sessions are taken. So nothing
    else may be under way when a stream logs in, and each refusal is followed by a proof by HTTP.
    """

    def __init__(self, credentials: Credentials, guard: Guard) -> None:
        self._credentials = credentials
        self._guard = guard
        self._wants_fresh_nonces = False

    def check(self) -> None:
        """Raises CameraError while no login may be tried."""
        self._guard.check(STREAM)

    def authorization(self, challenge: Challenge, method: str, uri: str) -> tuple[str, int]:
        return authorization(challenge, self._credentials, method, uri)

    def log_in(self, ask: Ask[AnsweredT]) -> AnsweredT:
        """What `ask` comes to, unless it is refused.

        Raises:
            CameraRefused: wrong user name or password, or the breaker is open.
            CameraUnsupported: the login is right, but the stream refuses it; for half an hour without asking.
            CameraError: the password could not be proven just now, or `ask` raised it.
        """
        with self._guard.logins.when_quiet() as quiet:
            if not quiet:
                raise CameraUnreachable("the camera left earlier requests without an answer")
            self.check()
            return self._log_in_alone(ask)

    def log_in_if_quiet(self, ask: Ask[AnsweredT], seconds: float = 0.0) -> AnsweredT | None:
        """As `log_in`; None where nothing may be sent just now, nor for so many seconds."""
        with self._guard.logins.when_quiet(seconds) as quiet:
            return self._log_in_alone(ask) if quiet and self._may_ask() else None

    def _may_ask(self) -> bool:
        try:
            self.check()
        except CameraError:
            return False
        return True

    def _log_in_alone(self, ask: Ask[AnsweredT]) -> AnsweredT:
        self._guard.prove_password()
        answer = self._ask(ask, fresh=self._wants_fresh_nonces)
        if not answer.refused:
            return answer
        self._prove_password()
        if answer.nonce_count > 1:
            answer = self._ask(ask, fresh=True)
            if not answer.refused:
                self._wants_fresh_nonces = True
                return answer
            self._prove_password()
        raise self._guard.rights.refuse(STREAM)

    def _ask(self, ask: Ask[AnsweredT], *, fresh: bool) -> AnsweredT:
        """One that ends without an answer may have been refused as well: then, too, the password is to be proven."""
        refused = True
        try:
            answer = ask(fresh=fresh)
            refused = answer.refused
        finally:
            if refused:
                self._guard.logins.note(Event.REFUSED)
        return answer

    def _prove_password(self) -> None:
        self._guard.prove_password()
        if self._guard.logins.password is not Password.ACCEPTED:
            # HTTP asks for no login here, so it has proven nothing.
            self._guard.open_breaker()
