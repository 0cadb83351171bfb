#include "src/usecase/CertificateCalendar.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMostLineOctets = 75;  // RFC 5545, 3.1; without the line break

std::string escapedText(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == ';' || c == ',') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
            out += c;
    }
    return out;
}

bool continuesCharacter(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

void contentLine(std::string& out, std::string_view text) {
    std::size_t room = kMostLineOctets;
    while (text.size() > room) {
        std::size_t cut = room;
        while (cut > 0 && continuesCharacter(text[cut])) --cut;
        out += text.substr(0, cut);
        out += "\r\n ";
        text.remove_prefix(cut);
        room = kMostLineOctets - 1;
    }
    out += text;
    out += "\r\n";
}

std::string stampOf(absl::Time time) {
    return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone());
}

/// "-P30D", "-PT90M".
std::string triggerOf(absl::Duration before) {
    const std::int64_t seconds = absl::ToInt64Seconds(before);
    if (seconds > 0 && seconds % 86'400 == 0) return fmt::format("-P{}D", seconds / 86'400);
    return fmt::format("-PT{}S", std::max<std::int64_t>(seconds, 0));
}

}  // namespace

std::string writeCalendar(const std::vector<CalendarEvent>& events, absl::Time stamp) {
    std::string out;
    contentLine(out, "BEGIN:VCALENDAR");
    contentLine(out, "VERSION:2.0");
    contentLine(out, "PRODID:-//Chancery//Certificates//EN");
    contentLine(out, "CALSCALE:GREGORIAN");
    contentLine(out, "METHOD:PUBLISH");
    for (const CalendarEvent& event : events) {
        const auto text = [](const std::string& value) {
            // Names come from certificates; a calendar holds UTF-8 only.
            return escapedText(isUtf8(value) ? value : printable(value));
        };
        contentLine(out, "BEGIN:VEVENT");
        contentLine(out, "UID:" + text(event.uid));
        contentLine(out, "DTSTAMP:" + stampOf(stamp));
        contentLine(out, "DTSTART:" + stampOf(event.at));
        contentLine(out, "SUMMARY:" + text(event.summary));
        if (!event.description.empty()) contentLine(out, "DESCRIPTION:" + text(event.description));
        contentLine(out, "CATEGORIES:CERTIFICATE");
        contentLine(out, "TRANSP:TRANSPARENT");
        for (const absl::Duration alarm : event.alarms) {
            contentLine(out, "BEGIN:VALARM");
            contentLine(out, "ACTION:DISPLAY");
            contentLine(out, "DESCRIPTION:" + text(event.summary));
            contentLine(out, "TRIGGER:" + triggerOf(alarm));
            contentLine(out, "END:VALARM");
        }
        contentLine(out, "END:VEVENT");
    }
    contentLine(out, "END:VCALENDAR");
    return out;
}

}  // namespace chancery::usecase
