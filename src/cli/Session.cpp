#include "src/cli/Session.h"

#include "src/cli/ErrorText.h"

namespace chancery::cli {

void Session::print(const Json& json) {
    m_out.raw(toText(json));
}

ExitCode Session::fail(const Status& status, ExitCode code) {
    // However deep it was found that options do not fit together.
    if (reasonOf(status) == "USAGE") code = ExitCode::Usage;
    const ErrorText text = describeError(status);
    if (m_json) {
        Json arguments = Json::object();
        for (const auto& [name, value] : argumentsOf(status)) arguments[name] = value;
        Json error{{"reason", reasonOf(status)}, {"what", text.what}};
        if (!text.why.empty()) error["why"] = text.why;
        if (!text.advice.empty()) error["advice"] = text.advice;
        if (!arguments.empty() && reasonOf(status) != "USAGE")
            error["arguments"] = std::move(arguments);
        m_err.raw(toText(Json{{"error", std::move(error)}}));
        return code;
    }
    m_err.item(bad("Error:"), text.what);
    if (!text.why.empty()) m_err.paragraph(text.why, 2);
    if (!text.advice.empty()) m_err.item(accent("→"), text.advice, 2);
    return code;
}

ExitCode Session::usage(std::string_view what, std::string_view advice) {
    return fail(
        makeError(StatusCode::kInvalidArgument, "USAGE", what, {{"advice", std::string(advice)}}),
        ExitCode::Usage);
}

}  // namespace chancery::cli
