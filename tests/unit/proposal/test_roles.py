"""Companies' own names and the exports of well-known CRMs find their roles."""

N = 60


def test_a_relational_company_with_french_names(french_company, proposed):
    proposal, config = proposed(french_company)
    leads, events = config.sources.leads, config.sources.events
    assert leads.file == "données/prospects.csv"
    assert (leads.csv.delimiter, leads.csv.encoding, leads.csv.decimal) == (";", "latin-1", ",")
    assert leads.lead_id == "Identifiant prospect"
    assert (leads.created_at.column, leads.created_at.format) == ("Créé le", "%d/%m/%Y %H:%M")
    assert (leads.market, leads.language) == ("Pays", "Langue")
    types = {name: (p.type, p.column or name) for name, p in leads.profile.items()}
    assert types == {
        "secteur": ("category", "Secteur"),
        "effectif": ("number", "Effectif"),
        "ca": ("number", "CA"),
    }
    assert leads.ignore == {"Civilité": "protected attribute"}
    assert (events.lead_id, events.occurred_at.column) == ("id_prospect", "date_evenement")
    assert (events.type, events.channel, events.campaign) == (
        "type_evenement",
        "canal",
        "campagne",
    )
    stages = config.sources.stages
    assert (stages.stage, stages.entered_at.column, stages.reason) == (
        "étape",
        "date_etape",
        "motif",
    )
    assert stages.stages == {
        "MQL": "mql",
        "Qualifié ventes": "sql",
        "Rejeté": "rejected",
        "4. Gagné": "won",
    }
    assert stages.others == "set_aside"
    assert any("'En pause'" in line for line in proposal.unknown)
    activities = config.sources.activities
    assert (activities.kind_column, activities.actor) == ("nature", "commercial")
    assert activities.occurred_at.column == "date_activite"
    assert config.time_zone is None
    assert any(line.startswith("time_zone") and "Créé le" in line for line in proposal.unknown)
    assert "# time_zone:" in proposal.text


def test_hubspot_contacts(tmp_path, write, proposed):
    write(
        tmp_path / "hubspot-crm-exports-all-contacts.csv",
        [
            "Record ID",
            "First Name",
            "Email",
            "Create Date",
            "Country/Region",
            "Original Source",
            "Lead Status",
            "Lifecycle Stage",
            "Number of Employees",
            "Last Activity Date",
            "Associated Company ID",
            "Contact owner",
            "Became a customer date",
        ],
        [
            [
                9000 + i,
                f"Ann {i}",
                f"a{i}@example.org",
                f"2026-01-{i % 28 + 1:02} 10:00",
                ["France", "Spain"][i % 2],
                ["Organic Search", "Paid Social"][i % 2],
                ["NEW", "OPEN_DEAL", "UNQUALIFIED", "CONNECTED"][i % 4],
                "lead",
                i % 50,
                "2026-02-01 10:00",
                100 + i // 2,
                ["Eve", "Bob"][i % 2],
                "",
            ]
            for i in range(N)
        ],
    )
    proposal, config = proposed(tmp_path)
    leads = config.sources.leads
    assert leads.lead_id == "Record ID"
    assert leads.created_at.column == "Create Date"
    assert (leads.email, leads.owner) == ("Email", "Contact owner")
    assert (leads.account_id, leads.market) == ("Associated Company ID", "Country/Region")
    assert set(leads.profile) == {"original_source", "number_of_employees"}
    assert "sales talked to the lead" in leads.ignore["Lifecycle Stage"]
    assert {"First Name", "Last Activity Date", "Became a customer date"} <= set(leads.ignore)
    assert config.outcome.column == "Lead Status"
    assert (config.outcome.positive, config.outcome.negative) == (("OPEN_DEAL",), ("UNQUALIFIED",))
    assert any("'NEW'" in line and "'CONNECTED'" in line for line in proposal.unknown)


def test_salesforce_leads(tmp_path, write, proposed):
    write(
        tmp_path / "Lead.csv",
        [
            "Id",
            "CreatedDate",
            "IsConverted",
            "ConvertedDate",
            "LeadSource",
            "Status",
            "OwnerId",
            "Rating",
            "AnnualRevenue",
            "Industry",
            "Description",
            "DoNotCall",
            "Phone",
        ],
        [
            [
                f"00Q{i:012}",
                f"2026-01-{i % 28 + 1:02}T10:00:00.000Z",
                ["true", "false"][i % 2],
                "2026-03-01",
                ["Web", "Event"][i % 2],
                "Open",
                f"005{i % 3}",
                "Hot",
                i * 1000.5,
                ["Energy", "Retail"][i % 2],
                f"text {i}",
                ["1", "0"][i % 2],
                i,
            ]
            for i in range(N)
        ],
    )
    proposal, config = proposed(tmp_path)
    leads, outcome = config.sources.leads, config.outcome
    assert (leads.lead_id, leads.owner) == ("Id", "OwnerId")
    assert leads.created_at.column == "CreatedDate"
    assert (outcome.column, outcome.positive, outcome.negative) == (
        "IsConverted",
        ("true",),
        ("false",),
    )
    types = {name: (p.type, p.column) for name, p in leads.profile.items()}
    assert types == {
        "lead_source": ("category", "LeadSource"),
        "annual_revenue": ("number", "AnnualRevenue"),
        "industry": ("category", "Industry"),
        "do_not_call": ("flag", "DoNotCall"),
    }
    assert set(leads.ignore) == {"ConvertedDate", "Status", "Rating", "Description", "Phone"}
    assert not any(line.startswith("time_zone") for line in proposal.unknown)


def test_pipedrive_deals(tmp_path, write, proposed):
    write(
        tmp_path / "deals.csv",
        [
            "Deal - ID",
            "Deal - Title",
            "Deal - Status",
            "Deal - Deal created",
            "Deal - Owner",
            "Deal - Value",
            "Deal - Lost reason",
            "Person - Email",
            "Deal - Label",
        ],
        [
            [
                i,
                f"Deal {i}",
                ["won", "lost", "open"][i % 3],
                f"2026-01-{i % 28 + 1:02} 10:00:00",
                ["Eve", "Bob"][i % 2],
                i * 10,
                "price",
                f"a{i}@example.org",
                ["x", "y"][i % 2],
            ]
            for i in range(N)
        ],
    )
    _, config = proposed(tmp_path)
    leads = config.sources.leads
    assert (leads.lead_id, leads.created_at.column) == ("Deal - ID", "Deal - Deal created")
    assert (leads.owner, leads.email) == ("Deal - Owner", "Person - Email")
    assert config.outcome.column == "Deal - Status"
    assert (config.outcome.positive, config.outcome.negative) == (("won",), ("lost",))
    assert set(leads.profile) == {"deal_label"}


def test_odoo_leads(tmp_path, write, proposed):
    write(
        tmp_path / "crm.lead.csv",
        [
            "id",
            "name",
            "create_date",
            "stage_id",
            "user_id",
            "country_id",
            "email_from",
            "expected_revenue",
            "probability",
            "source_id",
            "lost_reason_id",
            "date_closed",
        ],
        [
            [
                i,
                f"Lead {i}",
                f"2026-01-{i % 28 + 1:02} 10:00:00",
                ["New", "Won", "Lost"][i % 3],
                ["Eve", "Bob"][i % 2],
                ["Belgium", "France"][i % 2],
                f"a{i}@example.org",
                i,
                i % 100,
                ["Web", "Fair"][i % 2],
                "",
                "",
            ]
            for i in range(N)
        ],
    )
    _, config = proposed(tmp_path)
    leads = config.sources.leads
    assert (leads.lead_id, leads.owner, leads.email) == ("id", "user_id", "email_from")
    assert leads.market == "country_id"
    assert config.outcome.column == "stage_id"
    assert (config.outcome.positive, config.outcome.negative) == (("Won",), ("Lost",))
    assert set(leads.profile) == {"source_id"}


def test_dynamics_leads(tmp_path, write, proposed):
    write(
        tmp_path / "leads.csv",
        [
            "leadid",
            "createdon",
            "statecode",
            "leadsourcecode",
            "ownerid",
            "emailaddress1",
            "leadqualitycode",
            "address1_country",
            "numberofemployees",
            "modifiedon",
        ],
        [
            [
                f"{i:08x}-0000",
                f"2026-01-{i % 28 + 1:02}T10:00:00Z",
                ["Qualified", "Disqualified", "Open"][i % 3],
                ["Web", "Fair"][i % 2],
                f"o{i % 3}",
                f"a{i}@example.org",
                "Hot",
                ["BE", "FR"][i % 2],
                i,
                "2026-05-01T00:00:00Z",
            ]
            for i in range(N)
        ],
    )
    _, config = proposed(tmp_path)
    leads = config.sources.leads
    assert (leads.lead_id, leads.created_at.column) == ("leadid", "createdon")
    assert (leads.owner, leads.email, leads.market) == (
        "ownerid",
        "emailaddress1",
        "address1_country",
    )
    assert config.outcome.column == "statecode"
    assert (config.outcome.positive, config.outcome.negative) == (("Qualified",), ("Disqualified",))
    assert {"leadqualitycode", "modifiedon"} <= set(leads.ignore)


def test_a_list_of_deals_is_the_stage_won(tmp_path, write, proposed):
    write(
        tmp_path / "contacts.csv",
        ["contact_id", "created_at", "origin"],
        [[f"u{i}", "2026-01-01T00:00:00Z", "ab"[i % 2]] for i in range(N)],
    )
    write(
        tmp_path / "closed_deals.csv",
        ["contact_id", "won_date", "amount"],
        [[f"u{i}", "2026-03-01T00:00:00Z", i] for i in range(0, N, 3)],
    )
    config = proposed(tmp_path)[1]
    assert (config.sources.stages.always, config.outcome.stage) == ("won", "won")
    assert config.sources.stages.entered_at.column == "won_date"


def test_history_of_columns_is_changes(french_company, write, proposed):
    write(
        french_company / "données" / "historique.csv",
        ["id_prospect", "champ", "nouvelle_valeur", "modifié_le"],
        [[f"P{i}", "Secteur", "Santé", "2026-03-01T00:00:00Z"] for i in range(N)],
    )
    changes = proposed(french_company)[1].sources.changes
    assert (changes.lead_id, changes.column, changes.value, changes.changed_at.column) == (
        "id_prospect",
        "champ",
        "nouvelle_valeur",
        "modifié_le",
    )
