//! Whom the files are given to.

use nix::unistd::{Group, User};

use crate::error::Error;
use crate::files::Owner;
use crate::system::System;

/// A user, and a group behind a colon; names or numbers, as chown(1) takes them. Without a group the user's own.
pub(super) fn parse(text: &str, system: &System) -> Result<Owner, Error> {
    if system.user != 0 {
        return Err(Error::blocked(
            "only root can give a file to another user",
            "run the command with sudo, or leave out --owner",
        ));
    }
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let known = match user.parse::<u32>() {
        Ok(uid) => User::from_uid(uid.into()).ok().flatten().map_or((uid, None), |user| (uid, Some(user.gid.as_raw()))),
        Err(_) => {
            let user = User::from_name(user).ok().flatten().ok_or(Error::NoSuchUser)?;
            (user.uid.as_raw(), Some(user.gid.as_raw()))
        }
    };
    let gid = match group {
        None => known.1,
        Some(group) => match group.parse::<u32>() {
            Ok(gid) => Some(gid),
            Err(_) => Group::from_name(group).ok().flatten().map(|group| group.gid.as_raw()),
        },
    };
    Ok(Owner { uid: known.0, gid: gid.ok_or(Error::NoSuchUser)? })
}
