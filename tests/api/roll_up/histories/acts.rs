//! What happens in a history, how often, and what must have happened at its end.

use super::History;

/// What people do, and how often.
pub const ACTS: [(&str, u32); 38] = [
    ("log", 16),
    ("wrong log", 2),
    ("log twice", 2),
    ("log again", 2),
    ("taken id", 2),
    ("correct", 8),
    ("void", 4),
    ("register", 3),
    ("join", 4),
    ("leave", 4),
    ("head", 2),
    ("type", 6),
    ("status", 6),
    ("transfer", 5),
    ("ask", 4),
    ("accept", 3),
    ("refuse", 1),
    ("withdraw", 1),
    ("edit", 1),
    ("erase", 1),
    ("move", 4),
    ("close", 2),
    ("suspend", 2),
    ("activate", 4),
    ("open", 2),
    ("code", 2),
    ("look", 3),
    ("sale", 16),
    ("entry twice", 2),
    ("livestream", 4),
    ("session", 5),
    ("attend", 10),
    ("correct entry", 10),
    ("void entry", 4),
    ("store", 5),
    ("rewrite store", 4),
    ("item", 5),
    ("rewrite item", 4),
];

impl History<'_> {
    /// What a history must have seen and has not: one in which nothing happened would prove nothing.
    pub fn missing(&self) -> Vec<(&'static str, u16)> {
        let done = [
            "correct",
            "void",
            "leave",
            "head",
            "type",
            "status",
            "transfer",
            "edit",
            "erase",
            "accept",
            "refuse",
            "withdraw",
            "move",
            "close",
            "suspend",
            "activate",
            "code",
            "correct entry",
            "void entry",
            "rewrite store",
            "rewrite item",
        ];
        let made =
            ["log", "register", "join", "ask", "open", "sale", "livestream", "session", "attend", "store", "item"];
        let refused = [
            ("log", 200),
            ("log", 409),
            ("log", 422),
            ("correct", 409),
            ("void", 409),
            ("register", 409),
            ("leave", 409),
            ("head", 409),
            ("type", 422),
            ("status", 409),
            ("transfer", 409),
            ("transfer", 422),
            ("ask", 409),
            ("accept", 409),
            ("close", 409),
            ("sale", 200),
            ("sale", 409),
            ("sale", 422),
            ("attend", 409),
            ("attend", 422),
            ("correct entry", 409),
            ("void entry", 409),
            ("rewrite store", 409),
            ("item", 409),
        ];
        let all = done.map(|name| (name, 200)).into_iter().chain(made.map(|name| (name, 201))).chain(refused);
        all.filter(|what| !self.seen.contains_key(what)).collect()
    }
}
