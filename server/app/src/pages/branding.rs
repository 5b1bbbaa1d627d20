//! What an operator's own name, logo and colours make of the pages.

use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The operator's name, logo and colours.
#[derive(Clone, Debug)]
pub struct Branding {
    /// Stands at the top of each page and in its title.
    pub product_name: String,
    /// The tag of the language for people who ask for none that there is.
    pub language: String,
    /// An image file, shown instead of the name's first letter; served as `/assets/logo`.
    pub logo: Option<PathBuf>,
    /// Buttons, links and focus rings on a light background.
    pub accent_light: Colour,
    /// The same on a dark background.
    pub accent_dark: Colour,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            product_name: "Signet".to_owned(),
            language: "en".to_owned(),
            logo: None,
            accent_light: Colour { red: 0x2b, green: 0x4f, blue: 0xc4 },
            accent_dark: Colour { red: 0x9d, green: 0xb2, blue: 0xff },
        }
    }
}

/// The cards of the two themes in `signet.css`: what text in the accent colour is read on.
const LIGHT_CARD: Colour = Colour { red: 0xff, green: 0xff, blue: 0xff };
const DARK_CARD: Colour = Colour { red: 0x1a, green: 0x1d, blue: 0x23 };
const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };
const WHITE: Colour = Colour { red: 0xff, green: 0xff, blue: 0xff };

/// WCAG 2.2 §1.4.3: the least contrast of text at level AA.
const TEXT_CONTRAST: f64 = 4.5;

impl Branding {
    /// The name's first letter or digit, in upper case.
    pub(super) fn monogram(&self) -> String {
        self.product_name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default()
    }

    /// The generated `theme.css`. Colours are a file because the pages' policy allows no inline style.
    pub(super) fn theme_css(&self) -> String {
        format!(
            ":root {{\n{}}}\n\n@media (prefers-color-scheme: dark) {{\n:root {{\n{}}}\n}}\n",
            variables(self.accent_light, LIGHT_CARD),
            variables(self.accent_dark, DARK_CARD),
        )
    }

    /// The generated `icon.svg`, which browsers show in a tab.
    pub(super) fn icon_svg(&self) -> String {
        let letter = self.monogram();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
             <rect width=\"32\" height=\"32\" rx=\"8\" fill=\"{}\"/>\
             <text x=\"16\" y=\"22.5\" text-anchor=\"middle\" font-family=\"system-ui, sans-serif\" font-size=\"18\" \
             font-weight=\"600\" fill=\"{}\">{letter}</text></svg>\n",
            self.accent_light,
            self.accent_light.text_on(),
        )
    }
}

/// The colour of buttons, at rest and under the pointer, of the text on them, and of text and lines on the card:
/// whatever an operator chose, all are legible.
fn variables(accent: Colour, card: Colour) -> String {
    format!(
        "  --accent: {accent};\n  --accent-hover: {};\n  --accent-text: {};\n  --accent-ink: {};\n",
        accent.away_from_its_text(),
        accent.text_on(),
        accent.readable_on(card),
    )
}

/// An sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// Not a colour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as # and six hexadecimal digits, such as #2b4fc4")]
pub struct InvalidColour;

impl Colour {
    /// Relative luminance (WCAG 2.2, glossary).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2, glossary).
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever reads better on it; one of them always reaches 4.5.
    pub(super) fn text_on(self) -> Self {
        if self.contrast(WHITE) >= TEXT_CONTRAST || self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        }
    }

    /// The colour itself, or as much darker or lighter as it takes to be read on `background`.
    pub(super) fn readable_on(self, background: Self) -> Self {
        let end = background.text_on();
        (0..=20u8)
            .map(|step| self.mixed(end, step))
            .find(|c| c.contrast(background) >= TEXT_CONTRAST)
            .unwrap_or(end)
    }

    /// A little darker under white text, lighter under black: the text only gains contrast.
    fn away_from_its_text(self) -> Self {
        self.mixed(if self.text_on() == WHITE { BLACK } else { WHITE }, 3)
    }

    /// `step` twentieths of the way to `other`.
    fn mixed(self, other: Self, step: u8) -> Self {
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * u16::from(20 - step) + u16::from(to) * u16::from(step);
            u8::try_from(sum / 20).unwrap_or(to)
        };
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }
}

impl FromStr for Colour {
    type Err = InvalidColour;

    fn from_str(text: &str) -> Result<Self, InvalidColour> {
        let digits =
            text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).ok_or(InvalidColour)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl TryFrom<String> for Colour {
    type Error = InvalidColour;

    fn try_from(text: String) -> Result<Self, InvalidColour> {
        text.parse()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn anything_but_six_hexadecimal_digits_is_no_colour() {
        assert_eq!(colour("#2B4fc4").to_string(), "#2b4fc4");
        for text in ["", "#", "2b4fc4", "#2b4fc", "#2b4fc44", "#+b4fc4", "red", "#é4fc4", "#fff;}"] {
            assert_eq!(text.parse::<Colour>(), Err(InvalidColour), "{text}");
        }
    }

    #[test]
    fn any_accent_colour_stays_legible() {
        for text in ["#000000", "#ffffff", "#ffd400", "#777777", "#ff0000", "#2b4fc4", "#9db2ff", "#00ff00"] {
            let accent = colour(text);
            assert!(accent.contrast(accent.text_on()) >= TEXT_CONTRAST, "text on a button in {text}");
            assert!(
                accent.away_from_its_text().contrast(accent.text_on()) >= TEXT_CONTRAST,
                "the same, pointed at"
            );
            for card in [LIGHT_CARD, DARK_CARD] {
                assert!(accent.readable_on(card).contrast(card) >= TEXT_CONTRAST, "{text} as text on {card}");
            }
        }
    }

    #[test]
    fn legible_accent_colours_are_not_changed() {
        let default = Branding::default();
        assert_eq!(default.accent_light.readable_on(LIGHT_CARD), default.accent_light);
        assert_eq!(default.accent_dark.readable_on(DARK_CARD), default.accent_dark);
    }

    #[test]
    fn a_name_without_letters_has_no_monogram() {
        let named = |name: &str| Branding { product_name: name.to_owned(), ..Branding::default() }.monogram();
        assert_eq!(named("<acme>"), "A");
        assert_eq!(named("7 Seas"), "7");
        assert_eq!(named("&<>"), "");
    }
}
