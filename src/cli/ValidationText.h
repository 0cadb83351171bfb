#pragma once

#include <string>
#include <string_view>

namespace chancery::cli {

/// What a peer's verdict on a transaction means to somebody who does not know Fabric.
struct ValidationText {
    std::string_view title;    ///< a few words: "read a key that had changed"
    std::string_view meaning;  ///< one sentence
};

/// For every number; unknown ones get a text that says so.
ValidationText describeValidationCode(int code);

}  // namespace chancery::cli
