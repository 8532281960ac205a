"""Invented names and remarks in the language of each market."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """What a market's people and companies are called, and how they write remarks.

    A remark is opening + need + detail; `{}` in a detail stands for a number. `space` separates
    the words of a name or remark.
    """

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    company_heads: tuple[str, ...]
    company_tails: tuple[str, ...]
    openings: tuple[str, ...]
    needs: tuple[str, ...]
    details: tuple[str, ...]
    space: str = " "


FRENCH = Wording(
    women=("Camille", "Élodie", "Sophie", "Nadia", "Claire", "Inès", "Aurélie", "Hélène"),
    men=("Julien", "Mathieu", "Karim", "Olivier", "Thomas", "Benoît", "Loïc", "Rémi"),
    families=("Lambert", "Fontaine", "Chevalier", "Mercier", "Haddad", "Perrin", "Colin", "Dupuy",
              "Gauthier", "Le Gall", "Marchand", "Noël"),
    company_heads=("Alpes", "Loire", "Armor", "Vercors", "Garonne", "Ardenne", "Sologne",
                   "Picardie", "Cévennes", "Littoral", "Lorraine", "Bresse"),
    company_tails=("Pharma", "Industrie", "Microtech", "Agro", "Chimie", "Process", "Salaisons",
                   "Composants", "Biotech", "Mécanique"),
    openings=("Bonjour,", "Suite à notre échange au salon,", "Nous préparons un projet :",
              "Demande urgente.", "Pour information,", "Mon responsable m'a demandé de voir ceci :",
              "Je découvre votre gamme."),
    needs=("nous cherchons des filtres HEPA pour une salle ISO 7", "il faut remplacer nos caissons",
           "nos pertes de charge sont trop élevées", "je voudrais une documentation technique",
           "nous comparons plusieurs fournisseurs", "un audit de notre centrale d'air serait utile",
           "j'ai besoin d'un devis pour la maintenance", "c'est pour un mémoire de fin d'études",
           "nous ouvrons une nouvelle ligne de conditionnement"),
    details=(", environ {} m².", ", budget de {} k€ à confirmer.", " d'ici {} semaines.",
             ", {} unités par an.", " ; mon poste est le {}.", ".", ", sans engagement.",
             " (voir pièce n° {})."),
)  # fmt: skip
GERMAN = Wording(
    women=("Anna", "Katrin", "Julia", "Sabine", "Lena", "Petra", "Ayşe", "Ute"),
    men=("Jürgen", "Stefan", "Lukas", "Markus", "Jan", "Holger", "Emre", "Björn"),
    families=("Schäfer", "Neumann", "Krüger", "Hoffmann", "Demir", "Böhm", "Lang", "Winter",
              "Großmann", "Pohl", "Richter", "Engel"),
    company_heads=("Neckar", "Elbe", "Harz", "Isar", "Franken", "Hansa", "Eifel", "Sachsen",
                   "Bodensee", "Westfalen", "Spree", "Taunus"),
    company_tails=("Pharma GmbH", "Anlagenbau", "Halbleiter AG", "Molkerei", "Chemie", "Werke",
                   "Labortechnik", "Feinkost", "Präzision", "Klinikbedarf"),
    openings=("Guten Tag,", "wie auf der Messe besprochen:", "Kurze Anfrage:", "Hallo zusammen,",
              "Bitte um Rückruf,", "Unser Einkauf möchte wissen:", "Zur Kenntnis:"),
    needs=("wir suchen Schwebstofffilter für einen Reinraum", "die alten Gehäuse sind undicht",
           "der Druckverlust ist zu hoch", "wir brauchen ein Datenblatt",
           "wir vergleichen derzeit mehrere Anbieter", "eine Prüfung nach VDI 6022 steht an",
           "bitte ein Angebot für die Wartung", "es geht um eine Abschlussarbeit",
           "wir erweitern die Abfüllung"),
    details=(", etwa {} m².", ", Budget rund {} T€.", " in {} Wochen.", ", {} Stück pro Jahr.",
             ", Durchwahl {}.", ".", ", unverbindlich.", " (Anlage {})."),
)  # fmt: skip
SPANISH = Wording(
    women=("Lucía", "Carmen", "Marta", "Begoña", "Ana", "Pilar", "Nuria", "Elena"),
    men=("Javier", "Íñigo", "Sergio", "Pablo", "Álvaro", "Jordi", "Raúl", "Manuel"),
    families=("Muñoz", "Ortega", "Vidal", "Castaño", "Prieto", "Ibáñez", "Soler", "Peña", "Rey",
              "Aguirre", "Lozano", "Campos"),
    company_heads=("Ebro", "Levante", "Cantábrico", "Duero", "Penedès", "Mancha", "Bética", "Norte",
                   "Mediterráneo", "Aragón", "Tajo", "Montseny"),
    company_tails=("Farma", "Industrial", "Conservas", "Química", "Bodegas", "Sistemas", "Lácteos",
                   "Electrónica", "Ambiental", "Mecanizados"),
    openings=("Buenos días,", "Tras la feria,", "Consulta rápida:", "Hola,", "Estimados señores:",
              "Por indicación de dirección,", "Para valorar:"),
    needs=("buscamos filtros HEPA para una sala limpia", "queremos renovar las cajas filtrantes",
           "tenemos demasiada pérdida de carga", "necesito la ficha técnica",
           "estamos comparando proveedores", "nos piden una auditoría del aire",
           "necesito presupuesto de mantenimiento", "es para un trabajo de la universidad",
           "ampliamos la línea de envasado"),
    details=(", unos {} m².", ", presupuesto de {} mil euros.", " en {} semanas.",
             ", {} unidades al año.", "; mi extensión es {}.", ".", ", sin compromiso.",
             " (anexo {})."),
)  # fmt: skip
ENGLISH = Wording(
    women=("Olivia", "Grace", "Hannah", "Priya", "Megan", "Fiona", "Amelia", "Zoe"),
    men=("James", "Callum", "Oliver", "Arjun", "Simon", "Gareth", "Peter", "Liam"),
    families=("Whitfield", "O'Connor", "Patel", "Ashworth", "Fletcher", "MacLeod", "Byrne", "Lowe",
              "Hart", "Thornton", "Okafor", "Marsh"),
    company_heads=("Severn", "Pennine", "Mersey", "Cotswold", "Clyde", "Solent", "Tyne", "Fenland",
                   "Anglia", "Peak", "Humber", "Tamar"),
    company_tails=("Pharma Ltd", "Engineering", "Foods", "Semiconductors", "Chemicals", "Water",
                   "Laboratories", "Dairies", "Composites", "Medical"),
    openings=("Hello,", "Following the trade show:", "Quick question:", "Hi team,",
              "Please call back,", "Our plant manager asked me to check:", "FYI,"),
    needs=("we need HEPA filters for an ISO 7 room", "our old housings leak",
           "the pressure drop is too high", "could you send the data sheet",
           "we are comparing suppliers", "we have an air audit coming up",
           "I need a quote for maintenance", "this is for a university project",
           "we are adding a filling line"),
    details=(", about {} sq m.", ", budget around £{}k.", " within {} weeks.", ", {} units a year.",
             ", ext. {}.", ".", ", no obligation.", " (see attachment {})."),
)  # fmt: skip
JAPANESE = Wording(
    women=("Yuki", "Haruka", "Aiko", "Mai", "Naomi", "Sakura"),
    men=("Kenji", "Takumi", "Hiroshi", "Daichi", "Shota", "Ryo"),
    families=("Sato", "Mori", "Ishikawa", "Nakamura", "Ueda", "Kobayashi", "Hayashi", "Arai"),
    company_heads=("東海", "関西", "北陸", "瀬戸内", "九州", "信州", "常磐", "阿蘇"),
    company_tails=("製薬", "精密", "電子", "食品", "化学", "工業", "技研", "乳業"),
    openings=("お世話になっております。", "展示会では有難うございました。", "至急のお願いです。",
              "初めてご連絡します。", "社内検討中です。", "上司の指示で問い合わせます。"),
    needs=("クリーンルーム用HEPAフィルターを探しています", "既設のフィルターを更新したいです",
           "圧力損失が高くて困っています", "カタログを送ってください", "他社と比較しています",
           "保守の見積もりをお願いします", "卒業研究の資料が必要です", "充填ラインを増設します"),
    details=("。約{}平方メートル。", "。予算は{}万円程度。", "。{}週間以内に。", "。年間{}台。",
             "。内線{}です。", "。"),
    space="",
)  # fmt: skip
ITALIAN = Wording(
    women=("Giulia", "Chiara", "Federica", "Marta"),
    men=("Luca", "Andrea", "Niccolò", "Paolo"),
    families=("Rinaldi", "D'Amico", "Conti", "Ferrari", "Galli", "Marino"),
    company_heads=("Adige", "Brenta", "Lario", "Etruria", "Ticino", "Salento"),
    company_tails=("Farmaceutici", "Alimentari", "Impianti", "Chimica", "Meccanica"),
    openings=("Buongiorno,", "Dopo la fiera,", "Richiesta veloce:", "Salve,"),
    needs=("cerchiamo filtri assoluti per camera bianca", "dobbiamo sostituire i cassoni",
           "vorrei la scheda tecnica", "stiamo confrontando i fornitori",
           "serve un preventivo per la manutenzione"),
    details=(", circa {} m².", ", entro {} settimane.", ", {} pezzi l'anno.", "."),
)  # fmt: skip

BY_LANGUAGE = {
    "fr": FRENCH,
    "de": GERMAN,
    "es": SPANISH,
    "en": ENGLISH,
    "ja": JAPANESE,
    "it": ITALIAN,
}

# Valid text that breaks careless readers and spreadsheets; never a reason to refuse a row.
AWKWARD_COMPANIES = (
    "=1+1",
    "@SUM(A1:A9)",
    'Société "Les Filtres", fils & Cie',
    "Robert'); DROP TABLE leads;--",
    "<script>alert(1)</script>",
    "Zo\u0308e\u200b Labs",
    "NULL",
)
AWKWARD_COMMENT = "Première ligne, avec virgule\net une seconde ligne ; « fin »."
