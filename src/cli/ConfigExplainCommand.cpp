#include "src/cli/ConfigExplainCommand.h"

#include "src/cli/ConfigChangeText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/ExplainConfigBlock.h"
#include "src/usecase/LedgerJson.h"

namespace chancery::cli {
namespace {

using usecase::ConfigBlockStory;

std::string namesOf(const std::vector<usecase::IdentityName>& identities) {
    std::string text;
    for (const usecase::IdentityName& identity : identities)
        text += (text.empty() ? "" : ", ") + shortNameOf(identity);
    return text;
}

void show(Printer& out, const ConfigBlockStory& story) {
    out.blank();
    Text title = strong(fmt::format("Block {} of {}", number(story.block), story.channel));
    title.add(fmt::format("  configuration number {}, {}", number(story.sequence), utc(story.time)),
              Tone::Quiet);
    out.line(title);
    std::string compared = "as a whole";
    if (story.comparedWith)
        compared = fmt::format("what changed since block {}", number(*story.comparedWith));
    if (!story.comparedWith && story.sequence > 0)
        compared += "; give the config block before it as well to see what changed";
    out.fields({{"Told", Text(compared)},
                {"Sent by", story.submitter ? Text(shortNameOf(*story.submitter)) : Text()},
                {"Signed by", Text(namesOf(story.signers))}},
               2);
    if (story.changes.empty()) out.line("Nothing changed.", 2);
    printChanges(out, story.changes, 2);
}

Json toJson(const ConfigBlockStory& story) {
    Json signers = Json::array();
    for (const usecase::IdentityName& signer : story.signers)
        signers.push_back(usecase::toJson(signer));
    return {{"file", bytesToJson(story.file)},
            {"channel", bytesToJson(story.channel)},
            {"block", story.block},
            {"sequence", story.sequence},
            {"time", story.time ? Json(rfc3339(*story.time)) : Json()},
            {"compared_with", story.comparedWith ? Json(*story.comparedWith) : Json()},
            {"submitter", story.submitter ? usecase::toJson(*story.submitter) : Json()},
            {"signers", std::move(signers)},
            {"changes", usecase::toJson(story.changes)}};
}

}  // namespace

Help ConfigExplainCommand::help() const {
    return {
        .summary = "Tell config blocks in sentences: what changed, who sent and who signed it",
        .about =
            {"Give single config blocks, or whole ledgers, from which the config blocks are taken. "
             "Each one is compared "
             "with the configuration before it, if that is among them; else it is told as a whole.",
             "Signers are named as they stand in the block; \"ledger verify\" checks their "
             "signatures."},
        .examples = {
            {"All configurations of a channel", "config explain tests/data/vectors/ledger/blocks"},
            {"A single block as a whole",
             "config explain tests/data/vectors/config/last_config_tradechannel.block"}}};
}

void ConfigExplainCommand::declare(CommandLine& line) {
    line.values({.names = "BLOCK",
                 .help = "Config blocks, ledger files or folders",
                 .kind = ValueKind::Path,
                 .required = true},
                m_paths);
}

ExitCode ConfigExplainCommand::run(Session& session) {
    const auto stories = usecase::ExplainConfigBlock().run(m_paths);
    if (!stories.ok()) return session.fail(stories.status());
    Json array = Json::array();
    for (const ConfigBlockStory& story : *stories) {
        if (session.wantsJson())
            array.push_back(toJson(story));
        else
            show(session.out(), story);
    }
    if (session.wantsJson()) session.print(array);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
