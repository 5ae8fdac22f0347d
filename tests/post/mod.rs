//! A mail server on loopback for the tests: real TLS, words as a test wants them, and a memory of all that it was told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What it says, and when.
#[derive(Clone)]
pub struct Script {
    pub greeting: &'static str,
    /// To EHLO.
    pub abilities: &'static str,
    /// To STARTTLS; encrypted afterwards where there is a certificate and the answer begins with 220.
    pub ready: &'static str,
    pub tls: Option<Arc<ServerConfig>>,
}

/// As any mail server that has a certificate.
pub fn encrypting(tls: Arc<ServerConfig>) -> Script {
    Script {
        greeting: "220-mx.test ESMTP\r\n220 welcome\r\n",
        abilities: "250-mx.test\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
        ready: "220 go ahead\r\n",
        tls: Some(tls),
    }
}

/// As any that has none.
pub fn plain() -> Script {
    Script {
        greeting: "220 mx.test ESMTP\r\n",
        abilities: "250-mx.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
        ready: "502 no\r\n",
        tls: None,
    }
}

/// On a port of loopback, until the end of the tests.
pub struct Post {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Post {
    pub fn new(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let memory = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, script, heard) = (stream.unwrap(), script.clone(), Arc::clone(&memory));
                // How a visit ends is the visitor's to tell.
                thread::spawn(move || drop(serve(stream, &script, &heard)));
            }
        });
        Self { address, heard }
    }

    /// Every line that it was told, those that came encrypted after a `*`.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, script: &Script, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    stream.write_all(script.greeting.as_bytes())?;
    let ready = listen(&mut stream, script, "", heard)?;
    if let (true, Some(tls)) = (ready, &script.tls) {
        let connection = ServerConnection::new(Arc::clone(tls)).map_err(std::io::Error::other)?;
        listen(&mut StreamOwned::new(connection, stream), script, "*", heard)?;
    }
    Ok(())
}

/// Says whether the visitor is to speak encrypted from here on.
fn listen(stream: &mut (impl Read + Write), script: &Script, mark: &str, heard: &Mutex<Vec<String>>) -> std::io::Result<bool> {
    loop {
        let mut line = String::new();
        // One byte at a time: what comes after the line may be TLS.
        BufReader::with_capacity(1, &mut *stream).read_line(&mut line)?;
        let word = line.trim_end().to_owned();
        if word.is_empty() {
            return Ok(false);
        }
        heard.lock().unwrap().push(format!("{mark}{word}"));
        match word.split(' ').next().unwrap() {
            "EHLO" => stream.write_all(script.abilities.as_bytes())?,
            "STARTTLS" => {
                stream.write_all(script.ready.as_bytes())?;
                if script.ready.starts_with("220") {
                    return Ok(true);
                }
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                stream.flush()?;
                return Ok(false);
            }
            _ => stream.write_all(b"250 ok\r\n")?,
        }
    }
}
