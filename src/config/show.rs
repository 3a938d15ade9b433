//! The configuration in force, as TOML.

use std::fmt::{self, Display, Formatter};

use super::Config;
use crate::secret::class::Class;
use crate::text;

impl Display for Config {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(path) => writeln!(f, "# from {path}; everything else is a default")?,
            None => writeln!(f, "# the defaults, because there is no {}", super::FILE)?,
        }
        writeln!(f, "\n[project]\nname = {}", quoted(self.name.as_deref().unwrap_or_default()))?;
        writeln!(f, "readers = {}", list(self.readers.iter().map(|reader| reader.name().to_owned())))?;
        writeln!(f, "\n[project.environments]")?;
        for (glob, environment) in &self.environments {
            writeln!(f, "{} = {}", quoted(glob.glob().glob()), quoted(environment.word()))?;
        }
        writeln!(f, "\n[files]")?;
        for key in ["extra", "templates"] {
            writeln!(f, "{key} = {}", list(self.files.written.get(key).into_iter().flatten()))?;
        }
        writeln!(f, "prune = {}", list(&self.files.prune))?;
        writeln!(f, "allowed_modes = {}", list(self.files.allowed_modes.iter().map(|mode| format!("{mode:04o}"))))?;
        writeln!(f, "allowed_owners = {}", list(&self.files.allowed_owners))?;
        writeln!(f, "\n[policy.minimum_length]")?;
        for (class, count) in &self.policy.minimum_length {
            writeln!(f, "{} = {count}", class.word())?;
        }
        writeln!(f, "\n[policy.classes]")?;
        for (key, class) in &self.policy.classes {
            writeln!(f, "{} = {}", quoted(key), quoted(class.map_or("not-secret", |class| class.word())))?;
        }
        writeln!(f, "\n[policy.ages]")?;
        for class in Class::ALL {
            let limits = self.limits_of("", class);
            writeln!(f, "{} = {{ soft = {}, hard = {} }}", class.word(), limits.soft, limits.hard)?;
        }
        writeln!(f, "\n[policy.key_ages]")?;
        for (key, limits) in &self.policy.key_ages {
            writeln!(f, "{} = {{ soft = {}, hard = {} }}", quoted(key), limits.soft, limits.hard)?;
        }
        writeln!(f, "\n[hook]\nstrict = {}", self.hook.strict)?;
        writeln!(f, "\n[preflight]\nprofile = {}", quoted(self.preflight.profile.word()))?;
        writeln!(f, "\n[preflight.attestations]")?;
        for (id, one) in &self.preflight.attestations {
            let until = one.until.map(|until| format!(", until = {until}")).unwrap_or_default();
            writeln!(f, "{id} = {{ on = {}, by = {}{until} }}", one.on, quoted(&one.by))?;
        }
        writeln!(f, "\n[preflight.newest]")?;
        for (image, version) in &self.preflight.newest {
            writeln!(f, "{} = {}", quoted(image), quoted(version))?;
        }
        self.excuses(f)
    }
}

impl Config {
    fn excuses(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for ignore in &self.ignores {
            writeln!(f, "\n[[ignore]]\ncheck = {}", quoted(ignore.check))?;
            optional(f, "path", ignore.path.as_ref().map(|glob| glob.glob().glob()))?;
            optional(f, "key", ignore.key.as_deref())?;
            optional(f, "through", ignore.through.as_deref())?;
            optional(f, "reason", Some(&ignore.reason))?;
            if let Some(until) = ignore.until {
                writeln!(f, "until = {until}")?;
            }
        }
        for accept in &self.accepts {
            writeln!(f, "\n[[accept]]\nproblem = {}", quoted(accept.problem.word()))?;
            optional(f, "path", accept.path.as_ref().map(|glob| glob.glob().glob()))?;
            optional(f, "reason", Some(&accept.reason))?;
            if let Some(until) = accept.until {
                writeln!(f, "until = {until}")?;
            }
        }
        Ok(())
    }
}

fn optional(f: &mut Formatter<'_>, key: &str, value: Option<&str>) -> fmt::Result {
    value.map_or(Ok(()), |value| writeln!(f, "{key} = {}", quoted(value)))
}

fn list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML basic string; what a terminal would obey is escaped as TOML does it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            _ if text::is_unsafe(character) => out.push_str(&format!("\\U{:08x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
