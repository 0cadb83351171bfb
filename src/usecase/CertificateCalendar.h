#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace chancery::usecase {

/// An appointment: something ends.
struct CalendarEvent {
    std::string uid;  ///< the same for the same thing in every calendar, so that it is replaced
    absl::Time at;
    std::string summary;
    std::string description;             ///< lines by \n
    std::vector<absl::Duration> alarms;  ///< before `at`
};

/// RFC 5545: CRLF, lines folded at 75 octets between characters, texts escaped, one VALARM for each
/// alarm. `stamp` is when the calendar was made. The same events give the same bytes.
std::string writeCalendar(const std::vector<CalendarEvent>& events, absl::Time stamp);

}  // namespace chancery::usecase
