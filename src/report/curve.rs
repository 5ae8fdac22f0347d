//! The counts of each record as curves, in one SVG that needs nothing else.

use plotters::coord::CoordTranslate;
use plotters::prelude::*;

use super::{clean, words};
use crate::audit::{Record, Standing};
use crate::day::Day;
use crate::text::{Lang, say};

const WIDTH: u32 = 900;
const HEIGHT: u32 = 420;
/// Where the plot ends and the names of the curves begin.
const PLOT: u32 = 680;
const FONT: &str = "sans-serif";
/// So many dates can stand side by side under the plot.
const MOST_DATES: usize = 6;

/// One curve a standing that ever occurs, over the dates of the records; nothing to draw without a record.
pub fn curve(records: &[&Record], lang: Lang) -> Option<String> {
    let mut records = records.to_vec();
    records.sort_by_key(|record| record.date);
    let last = records.last()?;
    let mut svg = String::new();
    draw(&mut svg, &records, last, lang).expect("a drawing in memory does not fail");
    let (name, first, date) = (clean(&last.name), records[0].date, last.date);
    let title = say!(fr: "{name} : les situations du {first} au {date}", en: "{name}: standings from {first} to {date}");
    let counts = words::counts(&last.counts, lang);
    let told = say!(fr: "Au {date} : {counts}.", en: "On {date}: {counts}.");
    let label = format!(" role=\"img\"><title>{}</title><desc>{}</desc>", in_xml(title.in_lang(lang)), in_xml(told.in_lang(lang)));
    Some(svg.replacen('>', &label, 1))
}

type Failed = DrawingAreaErrorKind<<SVGBackend<'static> as DrawingBackend>::ErrorType>;

fn draw(svg: &mut String, records: &[&Record], last: &Record, lang: Lang) -> Result<(), Failed> {
    let root = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    root.fill(&WHITE)?;
    let (plot, names) = root.split_horizontally(PLOT);
    let first = records[0].date;
    let days = first.days_until(last.date).max(1);
    let count = |record: &Record, standing| i32::try_from(record.counts.get(&standing).copied().unwrap_or_default()).unwrap_or(i32::MAX);
    let shown: Vec<Standing> = Standing::ALL.into_iter().filter(|s| records.iter().any(|record| count(record, *s) > 0)).collect();
    let highest = records.iter().flat_map(|record| shown.iter().map(|s| count(record, *s))).max().unwrap_or(0);
    let mut chart = ChartBuilder::on(&plot)
        .margin(20)
        .x_label_area_size(30)
        .y_label_area_size(40)
        .build_cartesian_2d(0..days, 0..highest.saturating_add(highest / 10 + 1))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .label_style((FONT, 13))
        .x_labels(MOST_DATES.min(usize::try_from(days).unwrap_or(1) + 1))
        .x_label_formatter(&|day: &i32| day_after(first, *day))
        .draw()?;
    for (n, standing) in shown.iter().enumerate() {
        let points: Vec<(i32, i32)> = records.iter().map(|r| (first.days_until(r.date), count(r, *standing))).collect();
        chart.draw_series(LineSeries::new(points.clone(), colour(*standing).stroke_width(2)))?;
        for at in points {
            mark(chart.plotting_area(), *standing, at)?;
        }
        let y = 34 + 26 * i32::try_from(n).unwrap_or_default();
        mark(&names, *standing, (10, y))?;
        let told = format!("{} : {}", standing.name().in_lang(lang), count(last, *standing));
        let told = if lang == Lang::En { told.replacen(" : ", ": ", 1) } else { told };
        names.draw(&Text::new(told, (26, y - 7), (FONT, 15)))?;
    }
    root.present()
}

fn day_after(first: Day, days: i32) -> String {
    first.plus_days(days).to_string()
}

/// A shape for each standing, so that none is told by colour alone.
fn mark<B, C>(area: &DrawingArea<B, C>, standing: Standing, at: (i32, i32)) -> Result<(), DrawingAreaErrorKind<B::ErrorType>>
where
    B: DrawingBackend,
    C: CoordTranslate<From = (i32, i32)>,
{
    let (full, line) = (colour(standing).filled(), colour(standing).stroke_width(2));
    match standing {
        Standing::Unmet => area.draw(&Cross::new(at, 5, line)),
        Standing::Contested => area.draw(&Circle::new(at, 5, line)).and_then(|()| area.draw(&Circle::new(at, 1, full))),
        Standing::Pending => area.draw(&Circle::new(at, 4, line)),
        Standing::Unseen => area.draw(&Circle::new(at, 2, full)),
        Standing::Waived => area.draw(&TriangleMarker::new(at, 6, full)),
        Standing::Met => area.draw(&Circle::new(at, 5, full)),
        Standing::NotApplicable => area.draw(&Cross::new(at, 3, line)),
    }
}

/// Each stands out from white by 4.5 to 1 or more.
fn colour(standing: Standing) -> RGBColor {
    match standing {
        Standing::Unmet => RGBColor(0xb3, 0x26, 0x1e),
        Standing::Contested => RGBColor(0x7b, 0x3f, 0xa0),
        Standing::Pending => RGBColor(0x8a, 0x5a, 0x00),
        Standing::Unseen => RGBColor(0x5f, 0x63, 0x68),
        Standing::Waived => RGBColor(0x00, 0x6a, 0x80),
        Standing::Met => RGBColor(0x1b, 0x7a, 0x3d),
        Standing::NotApplicable => RGBColor(0x70, 0x70, 0x70),
    }
}

fn in_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{count, read_record};
    use crate::file::Source;

    fn record(date: &str, name: &str, standings: impl IntoIterator<Item = Standing>) -> Record {
        let text = format!("format=1\nhoster='a'\nname='{name}'\nedition='2023'\ndate={date}\ntool='0'\nrules='0'\n[counts]\n");
        Record { counts: count(standings), ..read_record(&Source::new("record.toml", text)).unwrap() }
    }

    #[test]
    fn a_curve_is_drawn_for_each_standing_that_occurs() {
        let records = [
            record("2026-11-15", "A", [Standing::Unmet, Standing::Unmet]),
            record("2026-11-22", "<script>&", [Standing::Unmet, Standing::Met]),
        ];
        let svg = curve(&records.each_ref(), Lang::Fr).unwrap();
        assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\"><title>&lt;script&gt;&amp; : les situations"), "{svg}");
        assert!(svg.contains("<desc>Au 2026-11-22 : 1 non respecté, 1 respecté.</desc>"));
        assert!(svg.matches("<polyline").count() >= 2);
        assert!(svg.contains("respecté : 1") && !svg.contains("dérogation"));
    }

    #[test]
    fn one_record_is_enough_and_none_is_not() {
        assert!(curve(&[&record("2026-11-22", "A", [Standing::Met])], Lang::En).is_some());
        assert!(curve(&[], Lang::En).is_none());
    }
}
