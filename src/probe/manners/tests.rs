//! Turns: who gets in, by which connection, and who waits.

use std::cell::RefCell;

use tokio::time::timeout;

use super::*;

fn doors(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// What carries one request at a time.
impl Shared for &str {
    fn another(&self) -> Option<Self> {
        None
    }

    fn room(&self) -> usize {
        1
    }

    fn is_closed(&self) -> bool {
        *self == "closed"
    }

    async fn close(self) {}
}

fn settings(hosts: usize, per_address: usize) -> Settings {
    Settings { hosts, per_address, per_connection: 3, ..Settings::new(crate::day::Day::new(2026, 11, 22)) }
}

fn town(hosts: usize) -> Manners<&'static str> {
    Manners::new(&settings(hosts, 2))
}

/// A turn of which it is known what its connection carries.
async fn turn<C: Shared + Send + 'static>(manners: &Manners<C>, names: &[&str], origin: &str) -> Turn<C> {
    let mut turn = manners.turn(doors(names), Some(origin.to_owned())).await.unwrap();
    turn.settle();
    turn
}

async fn is_full<C: Shared + Send + 'static>(manners: &Manners<C>, name: &str) -> bool {
    timeout(Duration::from_millis(20), manners.turn(doors(&[name]), None)).await.is_err()
}

#[tokio::test]
async fn a_door_lets_so_many_in_and_others_stay_open() {
    let manners = town(64);
    let first = turn(&manners, &["a:443"], "a").await;
    let _second = turn(&manners, &["a:443"], "a").await;
    assert!(is_full(&manners, "a:443").await);
    let _other = turn(&manners, &["b:443"], "b").await;
    drop(first);
    assert!(!is_full(&manners, "a:443").await);
}

#[tokio::test]
async fn doors_of_one_machine_are_counted_together() {
    let manners = town(64);
    let first = turn(&manners, &["a4:443"], "a").await;
    let _second = turn(&manners, &["a6:443"], "a").await;
    let third = turn(&manners, &["a4:443", "a6:443"], "b");
    assert!(timeout(Duration::from_millis(20), third).await.is_err(), "it was two machines, and is one");
    first.leave(None).await;
    let _again = turn(&manners, &["a6:443"], "a").await;
    assert!(is_full(&manners, "a4:443").await);
}

#[tokio::test]
async fn idle_connections_of_what_is_one_machine_hold_nobody_up() {
    let manners = town(64);
    for name in ["b", "c"] {
        let two = (turn(&manners, &[name], name).await, turn(&manners, &[name], name).await);
        two.0.leave(Some("kept")).await;
        two.1.leave(Some("kept")).await;
    }
    let (first, second) = (turn(&manners, &["a"], "x").await, turn(&manners, &["a"], "y").await);
    let (waiting, joining) = (turn(&manners, &["a"], "z"), turn(&manners, &["a", "b", "c"], "w"));
    let leaving = async {
        tokio::task::yield_now().await;
        first.leave(None).await;
        second.leave(None).await;
    };
    let passing = async |turn: Turn<&'static str>| turn.leave(None).await;
    let waiting = async { passing(waiting.await).await };
    let joining = async { passing(joining.await).await };
    let all = async { tokio::join!(waiting, joining, leaving) };
    timeout(Duration::from_secs(5), all).await.expect("nobody waits for ever");
}

#[tokio::test]
async fn a_connection_is_kept_for_the_same_place() {
    let manners = town(64);
    turn(&manners, &["a:443"], "x").await.leave(Some("to x")).await;
    turn(&manners, &["a:443"], "y").await.leave(Some("to y")).await;
    assert_eq!(turn(&manners, &["a:443"], "x").await.take(), Some("to x"));
    // One of the two is closed for a third place: never three at a time.
    turn(&manners, &["a:443"], "y").await.leave(Some("to y")).await;
    let (mut third, mut fourth) = (turn(&manners, &["a:443"], "z").await, turn(&manners, &["a:443"], "x").await);
    assert_eq!((third.take(), fourth.take()), (None, None));
    assert!(is_full(&manners, "a:443").await);
}

#[tokio::test]
async fn a_connection_goes_first_to_who_waits_for_the_same_place() {
    let manners = Manners::new(&settings(64, 1));
    let first = turn(&manners, &["a:443"], "x").await;
    let (other, same) = (turn(&manners, &["a:443"], "y"), turn(&manners, &["a:443"], "x"));
    let given = async {
        tokio::task::yield_now().await;
        first.leave(Some("to x")).await;
    };
    let same = async {
        let mut same = same.await;
        let kept = same.take();
        same.leave(None).await;
        kept
    };
    let (mut other, same, ()) = tokio::join!(other, same, given);
    assert_eq!((other.take(), same), (None, Some("to x")));
}

#[tokio::test]
async fn a_connection_waits_a_moment_for_its_own_place_before_it_makes_way() {
    let manners = Manners::new(&settings(64, 1));
    let first = turn(&manners, &["a:443"], "x").await;
    let order = RefCell::new(Vec::new());
    let other = async {
        let mut other = turn(&manners, &["a:443"], "y").await;
        order.borrow_mut().push(("y", other.take()));
    };
    let again = async {
        tokio::task::yield_now().await;
        let leaving = first.leave(Some("to x"));
        let more = async {
            let mut again = turn(&manners, &["a:443"], "x").await;
            order.borrow_mut().push(("x", again.take()));
            again.leave(Some("to x")).await;
        };
        tokio::join!(leaving, more);
    };
    timeout(Duration::from_secs(5), async { tokio::join!(other, again) }).await.expect("both get their turn");
    assert_eq!(order.into_inner(), [("x", Some("to x")), ("y", None)]);
}

#[tokio::test]
async fn a_turn_that_is_given_up_makes_way_at_once() {
    let manners = Manners::new(&settings(64, 1));
    turn(&manners, &["a:443"], "x").await.leave(Some("to x")).await;
    let again = turn(&manners, &["a:443"], "x").await;
    let other = turn(&manners, &["a:443"], "y");
    let given_up = async {
        tokio::task::yield_now().await;
        drop(again);
    };
    timeout(Duration::from_secs(5), async { tokio::join!(other, given_up) }).await.expect("nobody waits for ever");
}

#[tokio::test]
async fn nobody_opens_a_second_connection_before_it_is_known_what_the_first_carries() {
    let manners = Manners::new(&settings(64, 2));
    let mut first = manners.turn(doors(&["a:443"]), Some("x".to_owned())).await.unwrap();
    assert!(joins(&manners).await.is_none(), "it waits");
    let other = turn(&manners, &["a:443"], "y").await;
    assert!(is_full(&manners, "a:443").await, "another place does not");
    drop(other);
    first.share(Wide(2));
    first.settle();
    assert!(joins(&manners).await.is_some(), "it comes along");
    let manners = Manners::new(&settings(64, 2));
    let mut first = manners.turn(doors(&["a:443"]), Some("x".to_owned())).await.unwrap();
    let settling = async {
        tokio::task::yield_now().await;
        first.settle();
    };
    let waiting = async { tokio::join!(turn(&manners, &["a:443"], "x"), settling).0 };
    let mut second: Turn<Wide> = timeout(Duration::from_secs(5), waiting).await.expect("it has one of its own");
    assert!(second.take().is_none());
}

#[tokio::test]
async fn where_nobody_opens_others_of_the_same_place_do_not_try_in_their_turn() {
    let manners = Manners::new(&settings(64, 1));
    let first = turn(&manners, &["a:443"], "x").await;
    let waits = |origin: &str| manners.turn(doors(&["a:443"]), Some(origin.to_owned()));
    let found = async {
        tokio::task::yield_now().await;
        first.tell_mute();
        first.leave(None::<&str>).await;
    };
    let all = async { tokio::join!(waits("x"), waits("y"), waits("x"), found) };
    let (same, other, again, ()) = timeout(Duration::from_secs(5), all).await.expect("nobody waits for ever");
    assert_eq!((same.err(), again.err()), (Some(SilenceKind::TimedOut), Some(SilenceKind::TimedOut)));
    drop(other.expect("another place has its turn"));
    turn(&manners, &["a:443"], "x").await;
}

/// It has enough of visitors: those who wait are served by the connection that it has.
#[tokio::test]
async fn who_let_one_in_and_not_another_is_not_mute() {
    let manners = Manners::new(&settings(64, 2));
    let mut first = turn(&manners, &["a:443"], "x").await;
    first.open(&"to x");
    let second = turn(&manners, &["a:443"], "x").await;
    let third = async { turn(&manners, &["a:443"], "x").await.take() };
    let leaving = async {
        tokio::task::yield_now().await;
        second.tell_mute();
        second.leave(None).await;
        first.leave(Some("to x")).await;
    };
    let (third, ()) = timeout(Duration::from_secs(5), async { tokio::join!(third, leaving) }).await.expect("it has its turn");
    assert_eq!(third, None, "a connection of its own, in place of the one that failed");
}

#[tokio::test]
async fn few_idle_connections_are_kept() {
    let manners = town(2);
    for name in ["a", "b", "c"] {
        turn(&manners, &[name], name).await.leave(Some("kept")).await;
    }
    assert_eq!(turn(&manners, &["a"], "a").await.take(), None, "the oldest is closed");
    assert_eq!(turn(&manners, &["c"], "c").await.take(), Some("kept"));
}

#[tokio::test]
async fn so_many_hosts_at_a_time() {
    let manners = town(1);
    let first = turn(&manners, &["a:443"], "a").await;
    assert!(is_full(&manners, "b:443").await);
    drop(first);
    assert!(!is_full(&manners, "b:443").await);
}

#[tokio::test]
async fn nobody_gets_in_when_it_is_all_over() {
    let manners = Manners::<&str>::new(&settings(1, 1));
    let _first = manners.turn(doors(&["a:443"]), None).await;
    let (other, same) = (manners.turn(doors(&["b:443"]), None), manners.turn(doors(&["a:443"]), None));
    let close = async {
        tokio::task::yield_now().await;
        manners.close();
    };
    let (other, same, ()) = tokio::join!(other, same, close);
    let later = manners.turn(doors(&["c:443"]), None).await;
    assert_eq!([other, same, later].map(Result::err), [Some(SilenceKind::NotAsked); 3]);
}

/// What carries as many requests at a time as its server takes, here so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wide(usize);

impl Shared for Wide {
    fn another(&self) -> Option<Self> {
        Some(*self)
    }

    fn room(&self) -> usize {
        self.0
    }

    fn is_closed(&self) -> bool {
        false
    }

    async fn close(self) {}
}

/// A turn at a machine with one door, through a connection that others may share.
async fn wide(manners: &Manners<Wide>, room: usize) -> Turn<Wide> {
    let mut first = turn(manners, &["a:443"], "x").await;
    assert!(first.take().is_none());
    first.share(Wide(room));
    first
}

/// Whether one more gets in at the same place, and has a connection already.
async fn joins(manners: &Manners<Wide>) -> Option<Turn<Wide>> {
    let turn = timeout(Duration::from_millis(20), turn(manners, &["a:443"], "x")).await.ok()?;
    turn.has_kept().then_some(turn)
}

#[tokio::test]
async fn a_connection_that_carries_several_is_shared_by_so_many_of_one_place() {
    for (room, beside) in [(100, 2), (2, 1), (1, 0), (0, 0)] {
        let manners = Manners::new(&settings(64, 1));
        let _first = wide(&manners, room).await;
        let mut all = Vec::new();
        while let Some(turn) = joins(&manners).await {
            all.push(turn);
        }
        assert_eq!(all.len(), beside, "a server that takes {room} at a time");
        assert!(is_full(&manners, "a:443").await, "another place waits");
        if let Some(turn) = all.pop() {
            turn.leave(Some(Wide(room))).await;
            assert!(joins(&manners).await.is_some());
        }
    }
}

#[tokio::test]
async fn who_waits_comes_along_as_soon_as_it_is_known_that_it_can() {
    let manners = Manners::new(&settings(64, 1));
    let mut first = turn(&manners, &["a:443"], "x").await;
    let sharing = async {
        tokio::task::yield_now().await;
        first.share(Wide(100));
        tokio::task::yield_now().await;
    };
    let waiting = async { tokio::join!(turn(&manners, &["a:443"], "x"), turn(&manners, &["a:443"], "x"), sharing) };
    let (second, third, ()) = timeout(Duration::from_secs(5), waiting).await.expect("they come along");
    assert!(second.has_kept() && third.has_kept() && joins(&manners).await.is_none());
}

#[tokio::test]
async fn what_failed_for_one_is_given_to_nobody_else_and_stays_counted_until_all_have_left() {
    let manners = Manners::new(&settings(64, 1));
    let first = wide(&manners, 100).await;
    let second = joins(&manners).await.unwrap();
    second.leave(None).await;
    assert!(joins(&manners).await.is_none() && is_full(&manners, "a:443").await);
    first.leave(Some(Wide(100))).await;
    let mut fresh = turn(&manners, &["a:443"], "x").await;
    assert_eq!(fresh.take(), None, "a new one");
}

#[tokio::test]
async fn the_last_to_leave_a_shared_connection_keeps_it_or_makes_way() {
    let manners = Manners::new(&settings(64, 1));
    let (first, second) = (wide(&manners, 100).await, joins(&manners).await.unwrap());
    first.leave(Some(Wide(100))).await;
    second.leave(Some(Wide(100))).await;
    let (first, second) = (joins(&manners).await.expect("it was kept"), joins(&manners).await.expect("for as many"));
    let other = async {
        let mut other = turn(&manners, &["a:443"], "y").await;
        assert_eq!(other.take(), None);
        other.share(Wide(100));
        assert!(joins(&manners).await.is_none(), "it is closed");
    };
    let leaving = async {
        tokio::task::yield_now().await;
        first.leave(Some(Wide(100))).await;
        second.leave(Some(Wide(100))).await;
    };
    timeout(Duration::from_secs(5), async { tokio::join!(other, leaving) }).await.expect("the other place gets its turn");
}

#[tokio::test]
async fn those_who_share_a_connection_take_one_place_of_a_host() {
    let manners = Manners::new(&settings(1, 1));
    let (first, second) = (wide(&manners, 100).await, joins(&manners).await.expect("it has a place already"));
    assert!(is_full(&manners, "b:443").await);
    first.leave(Some(Wide(100))).await;
    assert!(is_full(&manners, "b:443").await);
    second.leave(Some(Wide(100))).await;
    assert!(!is_full(&manners, "b:443").await);
    // The place is taken again, together.
    let (_first, _second) = (joins(&manners).await.unwrap(), joins(&manners).await.unwrap());
    assert!(is_full(&manners, "b:443").await);
}

#[tokio::test]
async fn a_turn_anew_takes_no_connection_that_was_kept() {
    let manners = Manners::new(&settings(64, 2));
    let _first = wide(&manners, 100).await;
    let mut anew = manners.turn_anew(doors(&["a:443"]), "x".to_owned()).await.unwrap();
    assert_eq!(anew.take(), None);
    assert!(is_full(&manners, "a:443").await);
    anew.leave(Some(Wide(100))).await;
    assert!(joins(&manners).await.is_some());
}

#[tokio::test]
async fn what_was_closed_meanwhile_is_not_handed_over() {
    let manners = town(64);
    turn(&manners, &["a:443"], "x").await.leave(Some("closed")).await;
    let (mut first, mut second) = (turn(&manners, &["a:443"], "x").await, turn(&manners, &["a:443"], "x").await);
    assert_eq!((first.take(), second.take()), (None, None));
    assert!(is_full(&manners, "a:443").await);
}
