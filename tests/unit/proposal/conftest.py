"""Small companies' files, and the configuration proposed for them."""

import csv

import pytest

from predictive_scoring.config import load_config
from predictive_scoring.errors import ConfigError
from predictive_scoring.proposal import propose

N = 60


@pytest.fixture
def write():
    """Write rows to a CSV file."""
    return _write


@pytest.fixture
def proposed():
    """Propose for a folder: the proposal, and the configuration it makes or why it makes none."""
    return _proposed


@pytest.fixture
def french_company(tmp_path):
    """A folder with a relational company's files, named in French."""
    _french_company(tmp_path)
    return tmp_path


def _write(file, header, rows, delimiter=",", encoding="utf-8"):
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding=encoding) as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)


def _proposed(folder):
    """The proposal for a folder and, where it loads, the configuration it makes."""
    file = folder / "config.yaml"
    proposal = propose(folder, file)
    file.write_text(proposal.text, encoding="utf-8")
    try:
        return proposal, load_config(file)
    except ConfigError as error:
        return proposal, error


def _french_company(folder):
    data = folder / "données"
    _write(
        data / "prospects.csv",
        [
            "Identifiant prospect",
            "Créé le",
            "Pays",
            "Langue",
            "Secteur",
            "Effectif",
            "CA",
            "Civilité",
        ],
        [
            [
                f"P{i}",
                f"{i % 28 + 1:02}/03/2026 10:00",
                ["FR", "DE"][i % 2],
                "fr",
                ["Santé", "Industrie"][i % 2],
                i * 3,
                f"{i},5",
                ["M.", "Mme"][i % 2],
            ]
            for i in range(N)
        ],
        delimiter=";",
        encoding="latin-1",
    )
    _write(
        data / "evenements.csv",
        ["id_prospect", "date_evenement", "type_evenement", "canal", "campagne"],
        [
            [
                f"P{i % N}",
                f"2026-03-{i % 28 + 1:02}T11:00:00+01:00",
                ["visite", "clic"][i % 2],
                "web",
                ["printemps", "salon"][i % 2],
            ]
            for i in range(3 * N)
        ],
        delimiter=";",
    )
    _write(
        data / "etapes.csv",
        ["id_prospect", "étape", "date_etape", "motif"],
        [
            [
                f"P{i % N}",
                ["MQL", "Qualifié ventes", "Rejeté", "4. Gagné", "En pause"][i % 5],
                f"2026-04-{i % 28 + 1:02}T11:00:00Z",
                "prix",
            ]
            for i in range(2 * N)
        ],
    )
    _write(
        data / "activites.csv",
        ["id_prospect", "date_activite", "nature", "commercial"],
        [
            [
                f"P{i % N}",
                f"2026-04-{i % 28 + 1:02}T09:00:00Z",
                ["appel", "réunion"][i % 2],
                ["Ana", "Luc"][i % 2],
            ]
            for i in range(2 * N)
        ],
    )
