//! How a letter is written: plain text, in Swedish and English, under headers in which nothing stands that staff typed.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::{Address, Message};

use super::exchange::Written;
use super::{BuildError, Error};
use crate::model::letter::News;
use crate::model::{self, HelpDesk, Language, Letter, LinkLetter, WhyUntold, is_hidden};
use crate::texts::Texts;

/// What a message is, besides its text.
struct Head<'a> {
    to: &'a model::Address,
    at: Timestamp,
    /// What its Message-ID begins with.
    id: &'a str,
    subject: [&'static str; 2],
}

/// Both languages: whose mailbox it is does not say which one its owner reads.
const LANGUAGES: [Texts; 2] = [Texts(Language::Swedish), Texts(Language::English)];

/// What all our letters have in common.
pub(super) struct Letterhead {
    from: Mailbox,
    /// What makes Message-IDs ours.
    domain: String,
    help_desk: HelpDesk,
    zone: TimeZone,
}

impl Letterhead {
    pub fn new(from: &model::Address, help_desk: HelpDesk, zone: TimeZone) -> Result<Self, BuildError> {
        let address = address(from).ok_or_else(|| BuildError("the sender is no address to send from".to_owned()))?;
        let from = Mailbox::new(help_desk.company.as_deref().map(in_line), address);
        let domain = from.email.domain().to_owned();
        Ok(Self { from, domain, help_desk, zone })
    }

    /// The letter as it goes over the line. It depends on nothing but the letter, so that twice the same is the same.
    pub fn write(&self, letter: &Letter) -> Result<Written, Error> {
        let subject = LANGUAGES.map(|say| say.letter_subject(letter.news));
        self.put_down(&Head { to: &letter.to, at: letter.at, id: letter.id.as_str(), subject }, self.text(letter))
    }

    /// The message with a link to a new password, which is sent once.
    pub fn write_link(&self, letter: &LinkLetter) -> Result<Written, Error> {
        let id = format!("{}.link", letter.operation.as_str());
        let subject = LANGUAGES.map(Texts::mailed_link_subject);
        let text = self.signed(&LANGUAGES.map(|say| self.link_part(say, letter).join("\n\n")));
        self.put_down(&Head { to: &letter.to, at: letter.at, id: &id, subject }, text)
    }

    fn put_down(&self, head: &Head<'_>, text: String) -> Result<Written, Error> {
        let unfit = |why: &str| Error::of(WhyUntold::UnfitAddress, why);
        let to = address(head.to).ok_or_else(|| unfit("no message can be sent to such an address"))?;
        let by_a_program = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(SystemTime::from(head.at))
            .message_id(Some(format!("<{}@{}>", head.id, self.domain)))
            .raw_header(HeaderValue::new(by_a_program, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .subject(head.subject.join(" / "))
            .body(text)
            .map_err(|error| unfit(&error.to_string()))?;
        Ok(Written { envelope: message.envelope().clone(), bytes: message.formatted() })
    }

    fn text(&self, letter: &Letter) -> String {
        self.signed(&LANGUAGES.map(|say| self.part(say, letter).join("\n\n")))
    }

    /// Both languages, and the company's name.
    fn signed(&self, parts: &[String; 2]) -> String {
        let company =
            self.help_desk.company.as_deref().map_or_else(String::new, |name| format!("\n\n{}", in_line(name)));
        format!("{}{company}\n", parts.join("\n\n---\n\n"))
    }

    fn part(&self, say: Texts, letter: &Letter) -> Vec<String> {
        let mut said = vec![say.letter_news(letter.news, &letter.account.readable(), &self.when(say, &letter.at))];
        let ticket = letter.ticket.as_deref().map(in_line).filter(|ticket| !holds_link(ticket));
        said.extend(ticket.map(|ticket| say.letter_ticket(&ticket)));
        let line = self.help_desk.line.as_deref().map(in_line);
        said.push(match (line, letter.news) {
            (line, News::Contact(_)) => say.letter_contact_not_asked(line.as_deref()),
            (Some(line), _) => say.letter_not_asked_call(&line),
            (None, _) => say.letter_not_asked().to_owned(),
        });
        said.push(say.letter_no_secret().to_owned());
        said
    }

    fn link_part(&self, say: Texts, letter: &LinkLetter) -> Vec<String> {
        let line = self.help_desk.line.as_deref().map(in_line);
        vec![
            say.mailed_link_lead(&letter.account.readable()),
            letter.link.as_str().to_owned(),
            say.mailed_link_use(&self.when(say, &letter.until)),
            say.mailed_link_not_asked(line.as_deref()),
        ]
    }

    /// `9 March 2021 at 10:12 (CET)`: owners may be elsewhere.
    fn when(&self, say: Texts, at: &Timestamp) -> String {
        let at = at.to_zoned(self.zone.clone());
        let date = say.date(at.year(), at.month(), at.day());
        say.date_and_time(&date, &at.strftime("%H:%M (%Z)").to_string())
    }
}

/// The address as the library takes it, if it can be sent to at all.
fn address(address: &model::Address) -> Option<Address> {
    Address::new(address.local(), address.domain().as_str()).ok()
}

/// Whether mail programs make a link of anything in a text. The message says that it holds none, so that no other is trusted.
fn holds_link(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("://") || text.contains("www.")
}

/// A text that stays in its line.
fn in_line(text: &str) -> String {
    text.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    use crate::model::OperationId;

    fn letter() -> Letter {
        Letter {
            id: OperationId::parse("01a2087e-d6e0-7b57-b880-0820e5d1b36f").unwrap(),
            account: model::Address::parse("anna@räksmörgås.se").unwrap(),
            to: model::Address::parse("anna@räksmörgås.se").unwrap(),
            news: News::Reset,
            at: "2026-11-23T12:00:00Z".parse().unwrap(),
            ticket: Some("INC-812".to_owned()),
        }
    }

    fn letterhead(company: &str, line: &str) -> Letterhead {
        let help_desk = HelpDesk { company: Some(company.to_owned()), line: Some(line.to_owned()) };
        let from = model::Address::parse("it@example.se").unwrap();
        Letterhead::new(&from, help_desk, TimeZone::get("Europe/Stockholm").unwrap()).unwrap()
    }

    fn headers(written: &Written) -> Vec<String> {
        let text = String::from_utf8(written.bytes.clone()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
    }

    const HEADERS: [&str; 8] =
        ["From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Subject", "Content-Transfer-Encoding"];

    #[test]
    fn a_letter_says_when_by_whom_why_and_whom_to_call_in_both_languages() {
        let desk = letterhead("Exempel AB", "08-123 45 67");
        let text = desk.text(&letter());
        for said in ["23 november 2026 kl. 13:00 (CET)", "23 November 2026 at 13:00 (CET)", "anna@räksmörgås.se"] {
            assert!(text.contains(said), "{text}");
        }
        assert_eq!(text.matches("INC-812").count(), 2, "{text}");
        assert_eq!(text.matches("08-123 45 67").count(), 2, "{text}");
        assert!(text.ends_with("\n\nExempel AB\n"), "{text}");
        let written = desk.write(&letter()).unwrap();
        assert_eq!(written.bytes, desk.write(&letter()).unwrap().bytes, "twice the same is the same");
        let sent = String::from_utf8(written.bytes.clone()).unwrap();
        assert!(sent.contains("Message-ID: <01a2087e-d6e0-7b57-b880-0820e5d1b36f@example.se>\r\n"), "{sent}");
        assert!(sent.contains("To: anna@xn--rksmrgs-5wao1o.se\r\n"), "{sent}");
        assert!(sent.is_ascii() && sent.lines().all(|line| line.len() <= 998));
    }

    #[test]
    fn nothing_that_anybody_typed_becomes_a_header() {
        let typed = "INC-812\r\nBcc: eve@elsewhere.example\r\n\r\n.\r\nMAIL FROM:<eve@elsewhere.example>";
        let hostile = Letter { ticket: Some(typed.to_owned()), ..letter() };
        let written = letterhead(typed, typed).write(&hostile).unwrap();
        assert_eq!(headers(&written), HEADERS);
        assert_eq!(headers(&letterhead("Exempel AB", "1").write(&letter()).unwrap()), HEADERS);
        let text = letterhead(typed, typed).text(&hostile);
        assert!(!text.contains('\r') && !text.lines().any(|line| line.starts_with("Bcc:") || line == "."), "{text}");
        assert_eq!(written.envelope.to().len(), 1);
    }

    #[test]
    fn a_link_goes_with_how_to_use_it_and_with_no_code_in_a_message_of_its_own() {
        let Letter { id: operation, account, at, .. } = letter();
        let to = model::Address::parse("anna.lind@example.net").unwrap();
        let link = Zeroizing::new(format!("https://owners.example.se/mail/hand-over/{}", "aB-_".repeat(11)));
        let letter = LinkLetter { operation, account, to, link, at, until: at + jiff::SignedDuration::from_hours(1) };
        let written = letterhead("Exempel AB", "08-123 45 67").write_link(&letter).unwrap();
        assert_eq!(headers(&written), HEADERS);
        let sent = String::from_utf8(written.bytes).unwrap();
        assert!(sent.contains("Message-ID: <01a2087e-d6e0-7b57-b880-0820e5d1b36f.link@example.se>\r\n"), "{sent}");
        let (_, body) = sent.split_once("\r\n\r\n").unwrap();
        let body = body.replace("=\r\n", "");
        assert_eq!(body.matches(letter.link.as_str()).count(), 2, "{body}");
        assert!(body.matches("08-123 45 67").count() == 2 && body.contains("14:00 (CET)"), "{body}");
    }

    #[test]
    fn a_reason_with_a_link_in_it_is_left_out() {
        for reason in ["see https://tickets.example.com/812", "HTTPS://X", "WWW.example.com"] {
            let text = letterhead("Exempel AB", "1").text(&Letter { ticket: Some(reason.to_owned()), ..letter() });
            assert!(!text.contains(reason) && !text.contains("Reason or ticket"), "{text}");
        }
    }

    #[test]
    fn an_address_that_nothing_can_be_sent_to_is_said_to_be_one() {
        for unfit in ["@example.se", "a..b@example.se", "a b@example.se"] {
            let Ok(to) = model::Address::parse(unfit) else { continue };
            let error = letterhead("Exempel AB", "1").write(&Letter { to, ..letter() }).err().unwrap();
            assert_eq!(error.why(), WhyUntold::UnfitAddress, "{unfit}");
        }
        let to = model::Address::parse("åsa@example.se").unwrap();
        assert!(
            !letterhead("Exempel AB", "1").write(&Letter { to, ..letter() }).unwrap().envelope.to()[0]
                .to_string()
                .is_ascii()
        );
    }
}
