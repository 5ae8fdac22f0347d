//! Servers that say more than is listened to, and how many name servers are asked at a time.

use std::collections::BTreeSet;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};

use super::servers::Server;
use super::settings;
use crate::facts::{Need, Observer, RecordKind, SilenceKind, Version};
use crate::probe::greeting::Answer;
use crate::probe::versions::{Heard, ask_to_show, greet};
use crate::probe::{Probe, Settings, dns};

/// It chooses TLS 1.2, and begins a message of sixteen MiB, of which every part is as it must be.
fn endless_greeting() -> Server {
    let hello = [&[3, 3][..], &[0; 32], &[0], &[0xc0, 0x2b, 0]].concat();
    let start = [&[22, 3, 3, 0, 42, 2, 0, 0, 38][..], &hello, &[22, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff]].concat();
    let more = [&[22, 3, 3, 0x40, 0][..], &[0; 0x4000]].concat();
    Server::raw(move |stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(&start);
        while stream.write_all(&more).is_ok() {}
    })
}

#[tokio::test]
async fn a_server_that_greets_without_end_is_left() {
    let server = endless_greeting();
    let time = Duration::from_secs(20);
    let (heard, _) = greet(Version::Tls12, "a.test", &[server.address], time).await.unwrap();
    assert_eq!(heard, Heard::Answer(Answer::Garbled), "and not when the time is over");
    assert_eq!(ask_to_show("a.test", &[server.address], time).await.unwrap_err(), SilenceKind::TlsFailed);
}

/// Answers nobody before as many names are open as are wanted, and then, each time that nobody has asked anything for a while, everybody;
/// the most that were open.
fn slow_name_server(wanted: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    const QUIET: Duration = Duration::from_millis(300);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(QUIET)).unwrap();
    let (address, most) = (socket.local_addr().unwrap(), Arc::<AtomicUsize>::default());
    let told = Arc::clone(&most);
    thread::spawn(move || {
        let say = |mut message: Message, client: SocketAddr| {
            message.metadata.message_type = MessageType::Response;
            message.metadata.response_code = ResponseCode::NXDomain;
            let _ = socket.send_to(&message.to_vec().unwrap(), client);
        };
        let (mut open, mut answered, mut buffer) = (Vec::new(), Vec::new(), [0; 1500]);
        loop {
            if let Ok((length, client)) = socket.recv_from(&mut buffer) {
                let message = Message::from_vec(&buffer[..length]).unwrap();
                // Who grows impatient asks again, and may be heard after the answer.
                if answered.contains(&message.queries[0]) {
                    say(message, client);
                } else {
                    open.push((message, client));
                }
                continue;
            }
            let names: BTreeSet<String> = open.iter().map(|(message, _)| message.queries[0].name().to_ascii()).collect();
            if told.fetch_max(names.len(), Ordering::SeqCst).max(names.len()) >= wanted {
                for (message, client) in open.drain(..) {
                    answered.push(message.queries[0].clone());
                    say(message, client);
                }
            }
        }
    });
    (address, most)
}

#[test]
fn so_many_names_are_looked_up_at_a_time() {
    let (server, most) = slow_name_server(dns::AT_A_TIME);
    let patient = Duration::from_mins(1);
    let mut probe = Probe::new(Settings { dns: Some(server), connect_timeout: patient, timeout: patient, ..settings() }).unwrap();
    // Whoever asks, and for whatever.
    for n in 0..dns::AT_A_TIME {
        probe.ask(Need::Addresses(format!("a{n}.test")));
        probe.ask(Need::Records(format!("r{n}.test"), RecordKind::Txt));
    }
    let answers = std::iter::from_fn(|| probe.next()).count();
    assert_eq!((answers, most.load(Ordering::SeqCst)), (2 * dns::AT_A_TIME, dns::AT_A_TIME));
}
