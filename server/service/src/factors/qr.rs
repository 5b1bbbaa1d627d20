//! A QR code as SVG.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The quiet zone around the code, in modules (ISO/IEC 18004 §9.1: four).
const MARGIN: usize = 4;

/// Draws `text`: dark on light whatever the page's colours are, since not every camera app reads the inverse. It says
/// nothing to a screen reader; the page around it does. `None`: the text is too long.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colours) = (code.width(), code.into_colors());
    let size = width + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\" focusable=\"false\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\""
    );
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, length) = (x + MARGIN, y + MARGIN, run.len());
                // Writing to a string cannot fail.
                let _ = write!(svg, "M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_finders_and_a_quiet_zone() {
        let svg = svg("otpauth://totp/Signet:alice?secret=GEZDGNBVGY3TQOJQ").unwrap();
        // The upper edge of the first finder pattern: seven dark modules behind the quiet zone.
        assert!(svg.contains("d=\"M4 4h7v1h-7z"), "{svg}");
        assert!(!svg.contains("style") && !svg.contains("<?xml"), "{svg}");
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert_eq!(svg(&"x".repeat(3000)), None);
    }
}
