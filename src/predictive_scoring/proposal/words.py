"""The names under which companies keep their columns, files and stages, in five languages.

Names are compared without case, accents and punctuation (``plain``). Within a role the surest
name stands first. The well-known columns of HubSpot, Salesforce, Pipedrive, Odoo and Dynamics
exports stand among the others.
"""

from __future__ import annotations

import re
import unicodedata

from predictive_scoring.config.outcome import Stage


def plain(name: str) -> str:
    """A name in lower case, without accents, words joined by underscores: "Créé le" → cree_le."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    parts = unicodedata.normalize("NFKD", spaced)
    letters = "".join(c for c in parts if not unicodedata.combining(c))
    return re.sub(r"[^0-9a-z]+", "_", letters.casefold()).strip("_")


def without_prefix(meaning: str) -> str:
    """The same without the table's own name in front: lead_created_at → created_at."""
    for prefix in _PREFIXES:
        if meaning.startswith(prefix + "_"):
            return without_prefix(meaning[len(prefix) + 1 :])
    return meaning


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(word) for word in text.split()))


_PREFIXES = _names(
    """lead deal person contact prospect client customer event evt activity account kontakt cliente
    interessent contacto contato do_not_modify hs crm"""
)

ROLES: dict[str, tuple[str, ...]] = {
    "lead_id": _names(
        """lead_id leadid mql_id prospect_id contact_id record_id person_id do_not_modify_lead
        do_not_modify_contact id_prospect id_lead id_contact identifiant_prospect identifiant_lead
        interessent_id interessenten_id lead_nr kontakt_id id_prospecto id_contacto id_contato
        id_interessado customer_id client_id id_client kunden_id kundennummer cliente_id id_cliente
        numero_prospect numero_client visitor_id user_id userid utilisateur_id id_utilisateur
        usuario_id id_usuario nutzer_id benutzer_id case_id uid id lead_number identifiant kennung
        codigo record who_id lead contact prospect"""
    ),
    "created_at": _names(
        """created_at created_date createddate create_date createdate created_on createdon created
        creation_date created_time add_time date_added deal_created date_creation date_de_creation
        cree_le date_ajout ajoute_le erstellt_am erstellungsdatum erstelldatum erstellt angelegt_am
        anlagedatum fecha_creacion fecha_de_creacion creado_el fecha_alta data_criacao
        data_de_criacao criado_em data_cadastro first_contact_date first_contact first_seen
        first_touch registered_at reg_date registration_date signup_date sign_up_date signed_up_at
        inscrit_le date_inscription date_premier_contact date_entree erstkontakt eingangsdatum
        fecha_registro fecha_primer_contacto data_registo data_registro data_primeiro_contato
        lead_date entry_date timestamp date datetime datum fecha data"""
    ),
    "occurred_at": _names(
        """occurred_at event_time event_date event_timestamp timestamp datetime happened_at
        activity_date activity_time date_evenement date_activite horodatage survenu_le date_heure
        zeitstempel zeitpunkt ereigniszeit fecha_evento fecha_hora fecha_actividad data_evento
        data_hora data_atividade start_time started_at call_time due_date visited_at date time ts
        datum fecha data created_at created_date created_on date_creation erstellt_am cree_le"""
    ),
    "entered_at": _names(
        """entered_at stage_date stage_entered_at changed_at change_date status_date won_date
        won_time closed_date close_date closed_at date_etape date_changement date_statut entre_le
        depuis change_le geaendert_am eingetreten_am seit statusdatum phasendatum fecha_etapa
        fecha_cambio data_etapa data_mudanca timestamp occurred_at event_date event_time since
        created_at created_date created_on date datetime time ts horodatage zeitstempel zeitpunkt
        datum fecha data"""
    ),
    "changed_at": _names(
        """changed_at change_date modified_at updated_at created_date timestamp change_le modifie_le
        date_changement date_modification geaendert_am aenderungsdatum modificado_el fecha_cambio
        alterado_em data_alteracao date datetime time datum fecha data"""
    ),
    "type": _names(
        """type event_type event event_name action activity activity_type interaction
        type_evenement evenement type_d_evenement ereignis ereignistyp typ aktion evento
        tipo_evento tipo tipo_de_evento accion acao acontecimiento"""
    ),
    "kind": _names(
        """kind activity_type type_activite activite task_type engagement_type type activity task
        subtype task_subtype nature aktivitaet aktivitat aktivitaetstyp aktivitatstyp typ art
        tipo_actividad actividad tipo_atividade atividade tipo call_type canal channel subject"""
    ),
    "channel": _names("channel canal kanal medium utm_medium source utm_source device"),
    "campaign": _names("campaign utm_campaign campaign_name campagne kampagne campana campanha"),
    "topic": _names("topic page page_type content asset theme sujet thema tema product produit"),
    "value": _names("value amount montant valeur betrag wert importe valor duration duree"),
    "stage": _names(
        """stage stage_name new_stage to_stage lifecycle_stage lead_status status new_status
        pipeline_stage etape phase statut nouvelle_etape nouveau_statut stufe neue_phase etapa
        nueva_etapa nova_etapa estado estagio fase status_name state stage_id new_value"""
    ),
    "actor": _names(
        """actor owner owner_id sales_rep rep sr_id sdr_id agent resource created_by created_by_id
        author commercial vendeur auteur responsable bearbeiter vertreter verkaeufer vendedor
        comercial autor responsavel user assigned_to user_id"""
    ),
    "reason": _names(
        "reason reject_reason loss_reason lost_reason motif raison grund motivo razon"
    ),
    "outcome": _names("outcome result disposition resultat issue ergebnis resultado desfecho"),
    "documented": _names("documented logged has_notes documente consigne dokumentiert documentado"),
    "field": _names(
        """column field field_name property property_name attribute champ propriete nom_du_champ
        attribut feld feldname spalte eigenschaft campo nombre_campo nome_campo propiedad"""
    ),
    "new_value": _names(
        """new_value value to_value nouvelle_valeur valeur neuer_wert wert valor_nuevo nuevo_valor
        novo_valor valor"""
    ),
    "account_id": _names(
        """account_id company_id organization_id organisation_id org_id associated_company_id
        primary_associated_company_id parent_customer_id parentcustomerid id_compte compte_id
        id_entreprise entreprise_id id_societe societe_id firma_id firmen_id konto_id unternehmen_id
        empresa_id id_empresa cuenta_id conta_id partner_id account organization organisation
        company company_name companyname entreprise societe compte firma unternehmen empresa"""
    ),
    "market": _names(
        """market country country_code country_name country_id country_region address1_country
        mailing_country
        marche pays code_pays land laendercode markt pais mercado codigo_pais region"""
    ),
    "language": _names(
        "language lang preferred_language locale langue sprache idioma lengua lingua lang_id"
    ),
    "owner": _names(
        """owner owner_id ownerid lead_owner contact_owner record_owner assigned_to sales_rep
        sales_person salesperson account_manager sdr_id commercial proprietaire charge_d_affaires
        verantwortlicher zustaendig besitzer propietario comercial vendedor responsavel user_id"""
    ),
    "email": _names(
        """email e_mail mail email_address emailaddress1 emailaddress email_from courriel
        adresse_email adresse_e_mail e_mail_adresse correo correo_electronico endereco_de_email"""
    ),
}
"""Columns by what they are, the surest name first."""

FILES: dict[str, frozenset[str]] = {
    "stages": frozenset(
        _names(
            """stage stages etape etapes pipeline lifecycle phasen stufen etapas estagios fases
            status statuts statuses funnel deal deals opportunity opportunities opportunites won
            affaires ventes abschluesse chancen oportunidades oportunidad negocios ventas"""
        )
    ),
    "changes": frozenset(
        _names(
            """changes change history field_history modifications changements historique aenderungen
            cambios historial alteracoes historico"""
        )
    ),
    "activities": frozenset(
        _names(
            """activities activity activites activite aktivitaeten aktivitaten actividades
            atividades tasks calls meetings engagements appels taches rendez_vous anrufe aufgaben
            llamadas
            tareas chamadas tarefas"""
        )
    ),
    "events": frozenset(
        _names(
            """events event evenements evenement ereignisse eventos visits visites clicks clics web
            tracking pageviews views behaviour behavior besuche visitas cliques responses"""
        )
    ),
    "leads": frozenset(
        _names(
            """leads lead contacts contact prospects prospect people persons personnes clients
            client customers users utilisateurs cases mql mqls kontakte interessenten kunden
            contactos
            prospectos clientes contatos usuarios interessados personas pessoas"""
        )
    ),
}
"""Tables by the words of a file's name. The order matters: "lead_events" are events."""

STAGES: dict[Stage, frozenset[str]] = {
    "mql": frozenset(
        _names(
            """mql marketing_qualified marketing_qualified_lead marketingqualifiedlead
            qualifie_marketing prospect_qualifie_marketing marketing_qualifiziert
            calificado_marketing cualificado_marketing qualificado_marketing"""
        )
    ),
    "sql": frozenset(
        _names(
            """sql sal sales_qualified sales_qualified_lead salesqualifiedlead sales_accepted
            sales_accepted_lead qualified accepted opportunity open_deal open_opportunity converted
            qualifie qualifiee accepte acceptee qualifie_ventes qualifie_commercial opportunite
            converti qualifiziert akzeptiert angenommen konvertiert chance calificado cualificado
            aceptado oportunidad convertido qualificado aceito aceite oportunidade"""
        )
    ),
    "rejected": frozenset(
        _names(
            """rejected unqualified not_qualified disqualified declined refused recycled junk
            junk_lead bad_timing rejete rejetee refuse refusee non_qualifie disqualifie ecarte
            abgelehnt nicht_qualifiziert unqualifiziert disqualifiziert rechazado no_calificado
            no_cualificado descartado descalificado rejeitado nao_qualificado desqualificado"""
        )
    ),
    "won": frozenset(
        _names(
            """won closed_won deal_won win customer approved signed gagne gagnee signe signee client
            vendu gewonnen kunde abgeschlossen ganado ganada vendido cerrado_ganado cliente ganho
            fechado_ganho purchase sold"""
        )
    ),
    "lost": frozenset(
        _names(
            """lost closed_lost deal_lost loss perdu perdue abandonne verloren perdido perdida
            cerrado_perdido fechado_perdido cancelled canceled churned"""
        )
    ),
}
"""The dictionary's stages, by the names companies give them."""

YES = frozenset(
    _names("yes y true t 1 1_0 oui o vrai ja j wahr si s sim verdadero verdadeiro success")
)
NO = frozenset(_names("no n false f 0 0_0 non faux nein falsch nao falso failure none"))

OUTCOMES = _names(
    """is_sql sql is_converted converted y target label conversion has_converted qualified
    is_qualified won is_won closed_won deal has_deal outcome result success is_customer
    converti qualifie gagne vendu resultat issue konvertiert qualifiziert gewonnen abschluss
    ergebnis convertido calificado cualificado ganado resultado exito qualificado ganho sucesso
    lifecycle_stage lead_status deal_status status lifecyclestage state status_reason stage
    stage_id statecode state_code statuscode statut etape phase estado etapa estagio fase"""
)
"""Names of the column that says what became of a lead, the surest first."""

SALES_KINDS = frozenset(
    _names(
        """call calls phone meeting meetings demo visit task appel telephone rdv rendez_vous reunion
        relance visite anruf telefonat termin besprechung besuch llamada cita tarea ligacao chamada
        visita tarefa email_sent voicemail"""
    )
)
"""Kinds of activities of sales people."""

_TRUE_FALSE = (
    *(("true", "false"), ("yes", "no"), ("1", "0"), ("1.0", "0.0"), ("t", "f"), ("y", "n")),
    *(("oui", "non"), ("o", "n"), ("vrai", "faux"), ("ja", "nein"), ("j", "n")),
    *(("wahr", "falsch"), ("si", "no"), ("sí", "no"), ("s", "n"), ("sim", "não")),
    *(("sim", "nao"), ("verdadero", "falso"), ("verdadeiro", "falso")),
)
FLAG_PAIRS = frozenset(frozenset(pair) for pair in _TRUE_FALSE)
TRUE_WORDS = frozenset(yes for yes, _ in _TRUE_FALSE)

SURE_NULL_WORDS = frozenset(("null", "na", "n/a", "#n/a", "nan", "\\n"))
NULL_WORDS = SURE_NULL_WORDS | {"none", "nil", "-", "--", "?"}
UNKNOWN_WORDS = frozenset(
    _names(
        """unknown undefined not_specified not_provided not_set other_unknown select please_select
        inconnu non_renseigne nc unbekannt k_a keine_angabe desconocido sin_datos desconhecido
        nao_informado"""
    )
)
"""Levels that may mean "missing": mentioned, never declared as such."""

INSTANT_NAMES = frozenset(
    _names(
        """date time timestamp ts at on created datetime datum zeit zeitstempel fecha hora data
        horodatage le am em el"""
    )
)

IDENTITY = frozenset(
    _names(
        """name full_name first_name firstname last_name lastname surname prenom nom nom_complet
        nom_de_famille vorname nachname nombre apellido apellidos nome sobrenome phone phone_number
        mobile mobile_phone mobilephone telephone telephone1 telefon handy telefono telefone celular
        tel fax address street street_address adresse rue strasse direccion endereco zip zip_code
        postal_code postcode code_postal plz codigo_postal cep linkedin linkedin_url website
        website_url url web_site site_web ip ip_address twitter title_and_name contact_name
        partner_name first last address1_line1 websiteurl fullname company company_name companyname
        entreprise societe firma empresa"""
    )
)
"""Names, numbers and addresses: they identify a person or a company, nothing is learnt of them."""

LEAK_WORDS = frozenset(
    _names(
        """status statut statuscode statecode state_code stage etape phase etapa estagio rating
        quality qualite leadqualitycode reason motif grund motivo tag tags etiquettes converted
        conversion won lost closed close deal deals opportunity qualifying revenue_won call calls
        duration last recent ltv lifetime lifecycle score grade probability probabilite priority
        expected_revenue estimatedvalue estimatedamount estimated disposition outcome result
        resultat resultado ergebnis contract signed signature invoice order orders purchase
        purchases disqualified rejected modified modifiedon updated contacted notes qualified became
        revenue_actual duree dauer duracion duracao perdu gagne dernier derniere letzter letzte
        ultimo ultima"""
    )
)
"""Words in the names of columns that sales or success fill in."""

LEAK_NAMES = _names("deal_value deal_amount deal_size deal_currency montant_affaire auftragswert")
NO_LEAK = frozenset(
    _names(
        """do_not_call do_not_email last_name employment_status job_status company_stage
        funding_stage order_source membership_status housing_status"""
    )
)
TEXT_NAMES = frozenset(
    _names(
        """description comment comments remarks message notes note commentaire commentaires remarque
        bemerkung bemerkungen kommentar notiz comentario comentarios observacoes observaciones nota
        notas internal_notes"""
    )
)
