//! The default templates. A unit that has none of its own uses these.

use law::letter::Letter;

const TEXTS: &[(&str, &str)] = &[
    ("receipt", include_str!("../../templates/letter/receipt.txt")),
    ("correction-notice", include_str!("../../templates/letter/correction-notice.txt")),
    ("reasons-notice", include_str!("../../templates/letter/reasons-notice.txt")),
    ("deferral-notice", include_str!("../../templates/letter/deferral-notice.txt")),
    ("extension-notice", include_str!("../../templates/letter/extension-notice.txt")),
    ("third-party-consultation", include_str!("../../templates/letter/third-party-consultation.txt")),
    ("consultation-notice", include_str!("../../templates/letter/consultation-notice.txt")),
    ("third-party-notice", include_str!("../../templates/letter/third-party-notice.txt")),
    ("joint-agency-consultation", include_str!("../../templates/letter/joint-agency-consultation.txt")),
    ("other-agency-consultation", include_str!("../../templates/letter/other-agency-consultation.txt")),
    ("assistance", include_str!("../../templates/letter/assistance.txt")),
    ("fee-notice", include_str!("../../templates/letter/fee-notice.txt")),
    ("record-correction", include_str!("../../templates/letter/record-correction.txt")),
    ("granted", include_str!("../../templates/letter/granted.txt")),
    ("granted-published", include_str!("../../templates/letter/granted-published.txt")),
    ("granted-in-part", include_str!("../../templates/letter/granted-in-part.txt")),
    ("refused-state-secret", include_str!("../../templates/letter/refused-state-secret.txt")),
    ("refused-prohibited-by-law", include_str!("../../templates/letter/refused-prohibited-by-law.txt")),
    ("refused-security-stability", include_str!("../../templates/letter/refused-security-stability.txt")),
    ("refused-internal-affairs", include_str!("../../templates/letter/refused-internal-affairs.txt")),
    ("refused-deliberative-process", include_str!("../../templates/letter/refused-deliberative-process.txt")),
    ("refused-enforcement-file", include_str!("../../templates/letter/refused-enforcement-file.txt")),
    ("refused-third-party-rights", include_str!("../../templates/letter/refused-third-party-rights.txt")),
    (
        "refused-administrative-inquiry",
        include_str!("../../templates/letter/refused-administrative-inquiry.txt"),
    ),
    ("unavailable-not-held", include_str!("../../templates/letter/unavailable-not-held.txt")),
    ("unavailable-not-responsible", include_str!("../../templates/letter/unavailable-not-responsible.txt")),
    (
        "unavailable-requires-creation",
        include_str!("../../templates/letter/unavailable-requires-creation.txt"),
    ),
    ("unavailable-still-unclear", include_str!("../../templates/letter/unavailable-still-unclear.txt")),
    (
        "declined-petition-or-complaint",
        include_str!("../../templates/letter/declined-petition-or-complaint.txt"),
    ),
    ("declined-repeat-request", include_str!("../../templates/letter/declined-repeat-request.txt")),
    ("declined-public-publication", include_str!("../../templates/letter/declined-public-publication.txt")),
    ("declined-excessive-requests", include_str!("../../templates/letter/declined-excessive-requests.txt")),
    ("declined-confirm-or-reissue", include_str!("../../templates/letter/declined-confirm-or-reissue.txt")),
    ("other-correction-lapsed", include_str!("../../templates/letter/other-correction-lapsed.txt")),
    ("other-fee-unpaid", include_str!("../../templates/letter/other-fee-unpaid.txt")),
    ("other-other", include_str!("../../templates/letter/other-other.txt")),
];

/// The text of the default template of a letter.
pub fn default_template(letter: Letter) -> &'static str {
    // A test finds every letter in the list.
    TEXTS.iter().find(|(key, _)| *key == letter.key()).map_or("", |(_, text)| text)
}
