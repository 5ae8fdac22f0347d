//! The limits of reading a PDF.

use super::{Limit, count, kib, seconds};
use crate::probe::pdf::{self, bounds};
use crate::text::say;

pub(super) fn rows() -> Vec<Limit> {
    let rows = vec![
        (say!(fr: "Pour lire un PDF", en: "To read a PDF"), seconds(pdf::LONGEST_READING)),
        (say!(fr: "Pages lues d'un PDF", en: "Pages read of a PDF"), count(pdf::MOST_PAGES)),
        (
            say!(
                fr: "Page d'un PDF, décompressée, avec ce que ses polices disent de leurs lettres",
                en: "Page of a PDF, decompressed, with what its fonts say of their letters",
            ),
            kib(pdf::MOST_INFLATED),
        ),
        (
            say!(fr: "Mots, nombres et signes d'une page d'un PDF", en: "Words, numbers and signs of a page of a PDF"),
            count(bounds::MOST_GAPS_OF_A_PAGE),
        ),
        (say!(fr: "Polices d'une page d'un PDF", en: "Fonts of a page of a PDF"), count(bounds::MOST_FONTS)),
        (say!(fr: "Étages au-dessus d'une page d'un PDF", en: "Storeys above a page of a PDF"), count(bounds::MOST_STOREYS)),
        (say!(fr: "Tout ce qui est lu d'un PDF, décompressé", en: "All that is read of a PDF, decompressed"), kib(pdf::MOST_UNPACKED)),
        (
            say!(
                fr: "Objets d'un PDF comprimés ensemble, ou leur table, décompressés",
                en: "Objects of a PDF compressed together, or their table, decompressed",
            ),
            kib(pdf::MOST_PACKED),
        ),
        (say!(fr: "Objets d'un PDF", en: "Objects of a PDF"), count(pdf::MOST_OBJECTS)),
        (say!(fr: "Nombres, noms et textes de ces objets", en: "Numbers, names and texts of these objects"), count(bounds::MOST_PARTS)),
        (say!(fr: "Mots, nombres et signes d'un PDF entier", en: "Words, numbers and signs of a whole PDF"), count(bounds::MOST_GAPS)),
        (say!(fr: "Versions successives d'un PDF", en: "Successive versions of a PDF"), count(bounds::MOST_SECTIONS)),
        (
            say!(fr: "Parties d'un PDF dont la longueur est dite ailleurs", en: "Parts of a PDF whose length is told elsewhere"),
            count(bounds::MOST_LENGTHS),
        ),
        (say!(fr: "Octets de texte gardés d'un PDF", en: "Bytes of text kept of a PDF"), count(pdf::MOST_TEXT)),
    ];
    rows.into_iter().map(|(what, limit)| (what, limit, "")).collect()
}
