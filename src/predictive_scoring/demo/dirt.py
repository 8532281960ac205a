"""The rows that a reader must quarantine: a fixed few, whatever the size of the company."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from predictive_scoring.demo import behaviour

# Dirty rows stand after this many clean ones, or at the end of a file that has fewer.
CLEAN_ROWS_BEFORE = 100
_KNOWN, _STRANGER = "L0000001", "L9999999X"


@dataclass(frozen=True)
class Dirt:
    """A planted row: why it is dirty, and its text as it stands in a CSV file."""

    reason: str
    text: str


LEADS = (
    Dirt(
        "duplicate_lead_id",
        f"{_KNOWN},2025-02-03T10:00:00+01:00,A9999991,DE,de,k.vogel,doppelt@doppelt.example,"
        "Doppelt GmbH,quality,manager,240,food,fair,f,true,treated,,new",
    ),
    Dirt(
        "unreadable_created_at",
        "L9999992X,mardi dernier,A9999992,FR,fr,a.roux,hier@bientot.example,Bientôt SARL,hse,"
        "manager,80,chemicals,website,m,false,treated,,new",
    ),
    Dirt(
        "missing_lead_id",
        ",2025-03-04T11:30:00+01:00,A9999993,ES,es,l.navarro,nadie@nadie.example,Nadie SL,"
        "purchasing,director,35,water,partner,m,true,treated,,new",
    ),
    Dirt(
        "too_many_fields",
        "L9999994X,2025-04-07T09:15:00+01:00,A9999994,GB,en,r.hughes,more@more.example,More, Ltd,"
        "production,junior,610,food,webinar,f,true,treated,unquoted comma,new",
    ),
    Dirt("too_few_fields", "L9999995X,2025-05-12T14:45:00+09:00,A9999995,JP,ja"),
)
STAGES = (
    Dirt("impossible_local_time", f"{_KNOWN},mql,2026-03-29 02:30:00,marketing,"),
    Dirt("unknown_stage", f"{_KNOWN},warmish,2025-06-02 10:20:00,c.moreau,"),
)
ACTIVITIES = (
    Dirt(
        "impossible_date",
        f"{_KNOWN},2026-02-30T10:00:00+01:00,call,c.moreau,no_answer,true",
    ),
)
EVENTS = ("unknown_lead",) * 3 + ("after_extract",) * 2


def events() -> pa.Table:
    """Return the dirty events, one for each reason in `EVENTS`, in that order."""
    instants = {
        "unknown_lead": datetime(2025, 9, 1, 8, 30, tzinfo=UTC),
        "after_extract": datetime(2031, 1, 15, 12, 0, tzinfo=UTC),
    }
    leads = {"unknown_lead": _STRANGER, "after_extract": _KNOWN}
    columns = {
        "lead_id": [leads[reason] for reason in EVENTS],
        "occurred_at": [instants[reason] for reason in EVENTS],
        "type": ["visit"] * len(EVENTS),
        "channel": ["direct"] * len(EVENTS),
        "campaign": [None] * len(EVENTS),
        "topic": ["pricing"] * len(EVENTS),
        "value": [float(10 + row) for row in range(len(EVENTS))],
    }
    return pa.table(columns, schema=behaviour.SCHEMA)
