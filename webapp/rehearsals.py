"""Rehearsals: start it, write one verse, stop it, and know before the talk that it works."""

from botocore.exceptions import BotoCoreError, ClientError

from bars.verse import VerseRequest
from webapp.audit import THE_SWITCH, AuditLog
from webapp.leases import LeaseStore
from webapp.lyricist import Lyricist, LyricistBusy, LyricistUnavailable
from webapp.reconciler import Clock, utc_now
from webapp.state import State
from webapp.switch import REHEARSAL, Switch

WISH = VerseRequest(topic="the night before the show", bars=2, scheme="AA")


class Rehearsals:
    """Ends the leases of rehearsals with a verse; runs after the reconciler, every minute."""

    def __init__(
        self,
        switch: Switch,
        leases: LeaseStore,
        lyricist: Lyricist,
        audit: AuditLog,
        clock: Clock = utc_now,
    ) -> None:
        self._switch, self._leases = switch, leases
        self._lyricist, self._audit = lyricist, audit
        self._clock = clock

    def go_on(self) -> None:
        """Where a rehearsal's model is ready: one verse, and the end."""
        now = self._clock()
        waiting = [lease for lease in self._leases.live(now) if lease.kind == REHEARSAL]
        if not waiting or self._switch.state().state is not State.READY:
            return
        record = self._switch.history(1)[0]
        took = round((record.ready - record.asked).total_seconds()) if record.ready else None
        ready = f"ready after {took} s" if took is not None else "ready"
        outcome = self._verse()
        for lease in waiting:
            self._leases.end(lease, now, "rehearsed")
            self._audit.add(THE_SWITCH, f"rehearsed: {ready}, {outcome}", lease.id)
        self._switch.leases_changed()

    def _verse(self) -> str:
        try:
            last = list(self._lyricist.write(WISH))[-1]
        except LyricistBusy as busy:
            return f"no verse: {busy}"
        except LyricistUnavailable as error:
            return f"no verse: {error} {error.remedy}"
        except (BotoCoreError, ClientError) as error:
            return f"no verse: {error}"
        if last["event"] == "error":
            return f"no verse: {last['message']}"
        return f"a verse in {last['seconds']:.1f} s"
