//! A Chromium of our own: started on an empty profile, spoken to through a pipe, gone with its profile when it is dropped.

use std::fs::{create_dir_all, write};
use std::io;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use tempfile::TempDir;
use tokio::process::{ChildStdin, ChildStdout};

/// Chromium reads from descriptor 3 and writes to 4. A pipe and not a port: nobody else can speak to it, and it ends with us, however
/// we end. The shell moves the descriptors, which Rust does in unsafe code only.
const MOVED: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null";

/// What it does of its own accord is not the page's doing; what would pass by the proxy is closed.
const ALWAYS: [&str; 33] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-quic",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,\
     InterestFeedContentSuggestions,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    // Names are for the proxy to look up.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    "--window-size=1280,800",
    // Megabytes of a page's programs.
    "--js-flags=--max-old-space-size=512",
];

/// Debian's Chromium keeps no cookie of third parties unless it is told to; other browsers do, and what they are given is to be seen.
const PREFERENCES: &str = r#"{"profile":{"cookie_controls_mode":0,"block_third_party_cookies":false}}"#;

pub(super) struct Program {
    child: Child,
    group: Option<Pid>,
    profile: Option<TempDir>,
}

impl Program {
    /// Starts it; all that it asks of the network goes through the proxy, whose certificates bear the key of that digest.
    pub(super) fn start(path: &Path, proxy: SocketAddr, key: &str) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        let profile = TempDir::with_prefix("chatons-audit-browser-")?;
        let folder = profile.path().join("profile");
        create_dir_all(folder.join("Default"))?;
        write(folder.join("Default/Preferences"), PREFERENCES)?;
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(MOVED).arg(path).args(ALWAYS);
        // Chromium refuses to run as root within its sandbox; everybody else keeps it.
        if geteuid().is_root() {
            command.arg("--no-sandbox");
        }
        command.arg(format!("--user-data-dir={}", folder.display()));
        command.arg(format!("--proxy-server=http://{proxy}"));
        command.arg(format!("--ignore-certificate-errors-spki-list={key}"));
        command.arg("about:blank");
        // Nothing of the person's own settings, and all that it writes is in the folder that goes.
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", profile.path()).env("TMPDIR", profile.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let mut child = command.spawn()?;
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pipes = child.stdin.take().zip(child.stdout.take());
        let program = Self { child, group, profile: Some(profile) };
        let (input, output) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok((program, ChildStdin::from_std(input)?, ChildStdout::from_std(output)?))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // It may have ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
        // Its children die a moment later than their parent, and may still write.
        if let Some(profile) = self.profile.take().map(TempDir::keep) {
            for _ in 0..100 {
                if std::fs::remove_dir_all(&profile).is_ok() || !profile.exists() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
    }
}
