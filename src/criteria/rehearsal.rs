//! What the rules compile when it is first looked for, compiled beforehand: on a thread of its own, while the first answers are awaited.

use super::load::Charter;

impl Charter {
    /// Reads what each part of the lists recognises, or nothing at all, which makes it ready: what is looked for first goes first. It
    /// changes no judgement.
    pub fn rehearse(&self) {
        self.documents_named_in("");
        self.documents_in_slug("");
        self.programs_named_in("");
        for program in &self.software {
            // Those of special addresses are read on few sites.
            program.page_signs().for_each(|sign| drop(sign.reads("")));
        }
        for kind in &self.documents {
            for words in [kind.words(), kind.weak(), kind.except(), kind.marks()] {
                words.is_in("");
            }
        }
        self.topics_near(None, "");
        for topic in &self.topics {
            for sentence in topic.examples.iter().take(1).chain(topic.negated.iter().take(1)) {
                topic.mention(Some(sentence), sentence);
            }
            topic.values("", "");
        }
        self.housing().is_in("");
        self.digest();
    }
}
