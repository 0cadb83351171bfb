#include "src/cli/ErrorText.h"

namespace chancery::cli {

ErrorText describeError(const Status& status) {
    const std::string reason = reasonOf(status);
    const auto argument = [&](std::string_view name) { return argumentOf(status, name); };
    if (reason == "USAGE") return {std::string(messageOf(status)), {}, argument("advice")};
    if (reason == "FILE_ERROR") {
        if (status.code() == StatusCode::kNotFound)
            return {fmt::format("There is no file or folder \"{}\".", argument("path")),
                    {},
                    "Check the spelling, and that you are in the right folder."};
        if (status.code() == StatusCode::kPermissionDenied)
            return {fmt::format("\"{}\" may not be read.", argument("path")),
                    "The system refused the access.",
                    "Ask its owner for the right to read it, or make a copy that you own."};
    }
    return {std::string(messageOf(status)), {}, {}};
}

}  // namespace chancery::cli
