//! A hundred hosters of ten services on loopback, audited by `run` and visited by a bare client: time, processor and memory of both.
//!
//! `cargo bench --bench fleet` for everything, `cargo bench --bench fleet -- 20` for twenty hosters, `-- 20 http/1.1` without HTTP/2. docs/bench.md tells what was measured.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and may fail on what it cannot do without")]

mod bare;
mod stage;
mod village;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use village::{Spread, Village};

/// What a child is to do: told by the environment, since the arguments are those of the audit.
const ROLE: &str = "FLEET_ROLE";
/// Where a child writes what it took.
const TOLD: &str = "FLEET_TOLD";

/// Added to each answer.
const DELAY: Duration = Duration::from_millis(50);

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("stage") => stage::run(),
        Ok("bare") => {
            bare::run();
            tell();
        }
        Ok("audit") => {
            let code = chatons_audit::run();
            assert!(code <= 1, "the audit ended with {code}");
            tell();
        }
        _ => {
            let words: Vec<String> = std::env::args().skip(1).collect();
            let asked = words.iter().find_map(|word| word.parse().ok());
            let spoken = if words.iter().any(|word| word == "http/1.1") { "http/1.1" } else { "h2,http/1.1" };
            println!("Servers speak {spoken}.");
            let sizes = asked.map_or(vec![25, 100], |count| vec![count]);
            for count in sizes {
                fleet(count, spoken);
            }
            single(spoken);
        }
    }
}

/// The processor time and the highest memory of this very process.
fn tell() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB").to_owned();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let ticks: Vec<u64> = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|n| n.parse().unwrap()).collect();
    std::fs::write(std::env::var(TOLD).unwrap(), format!("{} {peak}", ticks.iter().sum::<u64>())).unwrap();
}

/// What a child took: seconds of the clock and of the processor, MiB at the highest.
struct Taken {
    wall: f64,
    cpu: f64,
    peak: f64,
}

fn child(role: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(ROLE, role).env(TOLD, folder.join("told")).current_dir(folder);
    command
}

fn measured(mut command: Command, folder: &Path) -> Taken {
    let start = Instant::now();
    assert!(command.status().unwrap().success());
    let wall = start.elapsed().as_secs_f64();
    let told = std::fs::read_to_string(folder.join("told")).unwrap();
    let numbers: Vec<f64> = told.split(' ').map(|n| n.parse().unwrap()).collect();
    Taken { wall, cpu: numbers[0] / 100.0, peak: numbers[1] / 1024.0 }
}

/// The servers, in a process of their own.
struct Web {
    child: Child,
    words: ChildStdin,
    answers: BufReader<ChildStdout>,
    port: u16,
    dns: u16,
}

impl Web {
    fn open(village: Village, folder: &Path, spoken: &str) -> Self {
        let mut command = child("stage", folder);
        command.args(village.words()).args([&DELAY.as_millis().to_string(), spoken]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (words, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut web = Self { child, words, answers, port: 0, dns: 0 };
        let ports: Vec<u16> = web.hear().split(' ').map(|port| port.parse().unwrap()).collect();
        (web.port, web.dns) = (ports[0], ports[1]);
        web
    }

    /// What was asked since the last time, one visit a line.
    fn log(&mut self, folder: &Path) -> PathBuf {
        let path = folder.join("asked");
        writeln!(self.words, "{}", path.display()).unwrap();
        self.hear();
        path
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The audit of a village, and what it asked.
fn audited(village: Village, web: &mut Web, folder: &Path) -> (Taken, String, PathBuf) {
    village.write_audits(&folder.join("audits"));
    let mut command = child("audit", folder);
    let (dns, port) = (format!("127.0.0.1:{}", web.dns), format!(":::{}", web.port));
    command.args(["run", "--allow-private", "--lang", "en", "-v", "--ca-file", "ca.pem", "--dns", &dns, "--connect-to", &port]);
    command.args(["--format", "json", "--output", "out.json", "--fail-on", "never", "--today", "2026-11-22"]);
    let said = folder.join("said");
    command.stderr(std::fs::File::create(&said).unwrap());
    let taken = measured(command, folder);
    let said = std::fs::read_to_string(said).unwrap();
    let told = |start: &str| said.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    let cost = format!("{} {}", told("Cost"), told("The longest chain"));
    (taken, cost, web.log(folder))
}

fn fleet(count: usize, spoken: &str) {
    let (village, folder) = (Village { count, spread: Spread::Together }, tempfile::tempdir().unwrap());
    let mut web = Web::open(village, folder.path(), spoken);
    let (audit, cost, asked) = audited(village, &mut web, folder.path());
    let mut command = child("bare", folder.path());
    command.args([asked.display().to_string(), web.port.to_string(), web.dns.to_string()]);
    let bare = measured(command, folder.path());
    let asked = std::fs::read_to_string(&asked).unwrap();
    let (visits, requests) = (Village::visits(&asked).count(), asked.lines().count());
    let records = std::fs::read_dir(folder.path().join("audits")).unwrap();
    let records = records.filter(|folder| folder.as_ref().unwrap().path().join("record.toml").is_file()).count();
    println!(
        "{count} hosters of ten services, {} ms added to each answer: {visits} visits, {requests} requests with greetings and names, {records} records. {cost}",
        DELAY.as_millis()
    );
    println!("{:>12} {:>9} {:>9} {:>9}", "", "wall, s", "cpu, s", "peak, MiB");
    for (name, taken) in [("audit", &audit), ("bare client", &bare)] {
        println!("{name:>12} {:>9.2} {:>9.2} {:>9.1}", taken.wall, taken.cpu, taken.peak);
    }
    println!("{:>12} {:>9.2} {:>9.2} {:>9.2}\n", "ratio", audit.wall / bare.wall, audit.cpu / bare.cpu, audit.peak / bare.peak);
}

/// One hoster, each service on a machine of its own, so that what is asked one after the other is what takes time.
fn single(spoken: &str) {
    let (village, folder) = (Village { count: 1, spread: Spread::Apart }, tempfile::tempdir().unwrap());
    let mut web = Web::open(village, folder.path(), spoken);
    let (audit, cost, asked) = audited(village, &mut web, folder.path());
    let busiest = village.busiest(&std::fs::read_to_string(asked).unwrap());
    let chain: f64 = cost.split("longest chain: ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(f64::NAN);
    let (chain, crowd) = (chain * DELAY.as_secs_f64(), DELAY.as_secs_f64() * f64::from(u32::try_from(busiest.div_ceil(2)).unwrap()));
    println!("one hoster of ten services, each on a machine of its own: {:.2} s. {cost}", audit.wall);
    println!("  its longest chain of dependent visits: {chain:.2} s, ratio {:.2}", audit.wall / chain);
    println!("  its most visited machine, {busiest} visits two at a time: {crowd:.2} s, ratio {:.2}", audit.wall / crowd.max(chain));
}
