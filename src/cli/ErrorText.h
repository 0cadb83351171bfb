#pragma once

#include <string>

#include "src/base/Status.h"

namespace chancery::cli {

/// An error as a user reads it.
struct ErrorText {
    std::string what;
    std::string why;     ///< may be empty
    std::string advice;  ///< may be empty
};

/// Made from reason and arguments; for a reason without a text of its own, from the sentence of the
/// status.
ErrorText describeError(const Status& status);

}  // namespace chancery::cli
