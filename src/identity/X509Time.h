#pragma once

#include <optional>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/crypto/Der.h"

namespace chancery::identity {

/// Reads a UTCTime (1950 to 2049) or GeneralizedTime as Go's parser does: seconds of a UTCTime may
/// be missing, a zone may stand in place of Z, fractions may not occur. Leaves the reader where it
/// was when it is none.
std::optional<absl::Time> readX509Time(crypto::DerReader& reader);

/// UTCTime for years up to 2049, GeneralizedTime after; cut to whole seconds.
Bytes writeX509Time(absl::Time time);

/// "2036-11-19T11:48:00Z".
std::string timeText(absl::Time time);

}  // namespace chancery::identity
