//! A mail server and a web server of this test's own: they take what comes, and keep it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server on a port of its own.
pub struct Server {
    pub port: u16,
    got: Arc<Mutex<Vec<String>>>,
    status: Arc<AtomicU16>,
}

/// Talks to a client with a status for it, and keeps what it sent.
type Talk = fn(&TcpStream, u16, &mut dyn FnMut(String)) -> Option<()>;

impl Server {
    /// One that takes mails (RFC 5321).
    pub fn mail() -> Self {
        Self::new(250, smtp)
    }

    /// One that takes requests (RFC 9112).
    pub fn web() -> Self {
        Self::new(200, http)
    }

    fn new(status: u16, talk: Talk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (got, status) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(AtomicU16::new(status)));
        let (keeps, says) = (Arc::clone(&got), Arc::clone(&status));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away in the middle is none of this test's business.
                let _ = talk(&stream, says.load(Ordering::SeqCst), &mut |text| keeps.lock().unwrap().push(text));
            }
        });
        Self { port, got, status }
    }

    /// From now on it answers so.
    pub fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// What came since the last time that somebody asked.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.got.lock().unwrap())
    }
}

/// What comes is kept before the answer goes out, so that it is there when the client has ended.
fn http(stream: &TcpStream, status: u16, keep: &mut dyn FnMut(String)) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let start = text.len();
        reader.read_line(&mut text).ok().filter(|count| *count > 0)?;
        let line = text[start..].trim_end().to_ascii_lowercase();
        if let Some(number) = line.strip_prefix("content-length: ") {
            length = number.parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    text += std::str::from_utf8(&body).unwrap();
    keep(text);
    write!(&*stream, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()
}

fn smtp(stream: &TcpStream, status: u16, keep: &mut dyn FnMut(String)) -> Option<()> {
    let say = |line: &str| write!(&*stream, "{line}\r\n").ok();
    let mut reader = BufReader::new(stream);
    let mut all = String::new();
    say("220 test")?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250 test")?,
            "MAIL" => say("250 ok")?,
            "RCPT" if status != 250 => say(&format!("{status} no"))?,
            "RCPT" => {
                all += &line;
                say("250 ok")?;
            }
            "DATA" => {
                say("354 go on")?;
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
                    if line == ".\r\n" {
                        break;
                    }
                    all += line.strip_prefix('.').unwrap_or(&line);
                }
                keep(std::mem::take(&mut all));
                say("250 ok")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("500 what?")?,
        }
    }
}
