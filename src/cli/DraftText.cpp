#include "src/cli/DraftText.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Values.h"

namespace chancery::cli {

ExitCode writeDraft(Session& session, const usecase::CertificateDraft& draft,
                    const std::filesystem::path& out) {
    if (const Status written = writeNewFile(out, draft.update, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        Json changes = Json::array();
        for (const auto& change : draft.changes)
            changes.push_back({{"path", change.path}, {"sentence", change.sentence}});
        Json agreements = Json::array();
        for (const auto& agreement : draft.agreements)
            agreements.push_back({{"policy", agreement.policy},
                                  {"text", agreement.text},
                                  {"elements", agreement.elements}});
        session.print(Json{{"file", bytesToJson(out.string())},
                           {"channel", draft.channel.str()},
                           {"changes", std::move(changes)},
                           {"agreements", std::move(agreements)},
                           {"certifier_cleared", draft.certifierCleared}});
        return ExitCode::Ok;
    }
    Printer& print = session.out();
    print.line(good("✓ ") + Text(fmt::format("{} written: a draft for channel {}.", out.string(),
                                             draft.channel.str())));
    print.line("What it changes:", 2);
    for (const auto& change : draft.changes) print.item("•", change.sentence, 2);
    print.line("Who must agree:", 2);
    for (const auto& agreement : draft.agreements)
        print.item("•",
                   Text(agreement.policy) + quiet(agreement.text.empty() ? ", which does not exist"
                                                                         : "  " + agreement.text),
                   2);
    if (draft.certifierCleared)
        print.paragraph(warning("Roles were bound to one CA of the organisation; the draft takes "
                                "that away, for the new CA could give no roles otherwise."),
                        2);
    print.paragraph(quiet("Sign it with \"config sign\", one administrator after the other; the "
                          "signed file goes to an orderer with \"peer channel update\"."),
                    2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
