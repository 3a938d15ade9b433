//! The words for "password" in the languages that teams name their keys in.
//!
//! From Chromium's `kPasswordRe`, by which it knows a password's field on pages of every language, without the stems that
//! are words of something else, and with the spellings that keys need; and the words for "key" and "secret" of the
//! languages with the most speakers among them.

/// Bosnian, Catalan, Czech, Danish, Dutch, Finnish, French, Galician, German, Hungarian, Indonesian, Italian, Latvian,
/// Lithuanian, Norwegian, Polish, Portuguese, Romanian, Russian, Slovene, Spanish, Swedish, Turkish, Vietnamese.
pub(super) const PASSWORDS: &str = " ADGANGSKODE CONTRASENA CONTRASEÑA CONTRASENYA CONTRASINAL GESLO HASLO HASŁO HESLO JELSZO \
JELSZÓ KATASANDI KENNWORT KODEORD LOSEN LOSENORD LÖSEN LÖSENORD LOZINKA MATKHAU MDP MOTDEPASSE PAROL PAROLA PAROLE PASAHITZA \
PASOWORD PASSE PASSORD PASSWORT PASWOORD PAROLĂ ПАРОЛЬ SALASANA SENHA SIFRE ŞIFRE SLAPTAZODIS WACHTWOORD ";

/// Words for a key, a secret or a token, which also mean other things.
pub(super) const DOUBTFUL: &str = " CHAVE CLAVE CLE CLÉ GEHEIMNIS JETON KLUCZ SCHLUESSEL SCHLÜSSEL SECRETO SEGREDO ";
