//! The other side of a notice: a mail server and a web server that write down what they are told,
//! and can be out of order for a while.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What arrived, and what the next ones are answered.
#[derive(Default)]
struct Heard {
    taken: Vec<String>,
    refusals: VecDeque<u16>,
}

/// A listener on a port of its own. Its thread ends with the process.
pub(crate) struct Listener {
    pub(crate) address: String,
    heard: Arc<Mutex<Heard>>,
}

impl Listener {
    /// Speaks as much SMTP as handing in a mail takes.
    pub(crate) fn of_mail() -> Self {
        Self::start(|stream, heard| drop(take_mail(stream, heard)))
    }

    /// Takes posted requests.
    pub(crate) fn of_posts() -> Self {
        Self::start(|stream, heard| drop(take_post(stream, heard)))
    }

    fn start(serve: fn(&TcpStream, &Mutex<Heard>)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let shared = Arc::clone(&heard);
        thread::spawn(move || listener.incoming().flatten().for_each(|one| serve(&one, &shared)));
        Self { address, heard }
    }

    /// The next ones are refused with these codes.
    pub(crate) fn refuses(&self, codes: &[u16]) {
        self.heard.lock().expect("no thread dies").refusals.extend(codes);
    }

    /// Everything that arrived, refused ones included.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no thread dies").taken.clone()
    }
}

fn note(heard: &Mutex<Heard>, text: String) -> Option<u16> {
    let mut heard = heard.lock().expect("no thread dies");
    heard.taken.push(text);
    heard.refusals.pop_front()
}

fn take_mail(stream: &TcpStream, heard: &Mutex<Heard>) -> std::io::Result<()> {
    let mut say = stream;
    let mut lines = BufReader::new(stream).lines();
    write!(say, "220 post\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let answer = match line.split([' ', ':']).next().unwrap_or("") {
            "DATA" => {
                write!(say, "354 go on\r\n")?;
                let mail = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".");
                let mail: Vec<String> = mail.collect();
                match note(heard, mail.join("\n")) {
                    Some(code) => format!("{code} not now"),
                    None => "250 taken".to_owned(),
                }
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        write!(say, "{answer}\r\n")?;
    }
    Ok(())
}

fn take_post(stream: &TcpStream, heard: &Mutex<Heard>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(said) = line.to_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let code = note(heard, format!("{head}\n{}", String::from_utf8_lossy(&body))).unwrap_or(204);
    let mut say = stream;
    write!(say, "HTTP/1.1 {code} said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}
