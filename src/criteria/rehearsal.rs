//! What the rules compile when it is first looked for, compiled beforehand: on a thread of its own, while the first answers are awaited.

use super::load::Charter;

impl Charter {
    /// Reads what each part of the lists recognises, or nothing at all, which makes it ready. It changes no judgement.
    pub fn rehearse(&self) {
        for topic in &self.topics {
            for sentence in topic.examples.iter().take(1).chain(topic.negated.iter().take(1)) {
                topic.mention(None, sentence);
            }
        }
        self.topics_near(None, "");
        self.documents_named_in("");
        self.documents_in_slug("");
        self.programs_named_in("");
        for kind in &self.documents {
            for words in [kind.words(), kind.weak(), kind.except(), kind.marks()] {
                words.is_in("");
            }
        }
        for program in &self.software {
            // Those of special addresses are read on few sites.
            program.page_signs().for_each(|sign| drop(sign.reads("")));
        }
    }
}
