#include "src/cli/ConfigComputeUpdateCommand.h"

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/ComputeConfigUpdate.h"

namespace chancery::cli {

Help ConfigComputeUpdateCommand::help() const {
    const std::string folder = "tests/data/vectors/config/";
    return {
        .summary = "Compute the update that leads from one configuration to another",
        .about =
            {"The result is what administrators sign and send to the orderers: the same bytes as "
             "\"configtxlator compute_update\" gives. It is written as binary, or as JSON when the "
             "file name ends "
             "in .json. An existing file is never overwritten.",
             "Without --out the JSON is printed."},
        .examples = {{"From a changed configuration",
                      "config compute-update --channel cfglab " + folder + "genesis_cfglab.block " +
                          folder + "cfglab/01_batch_size/modified.pb --out update.pb"},
                     {"Look at it first", "config compute-update --channel cfglab " + folder +
                                              "genesis_cfglab.block " + folder +
                                              "cfglab/01_batch_size/modified.pb"}}};
}

void ConfigComputeUpdateCommand::declare(CommandLine& line) {
    line.value({.names = "ORIGINAL",
                .help = "Configuration in force (block, binary or JSON)",
                .kind = ValueKind::File,
                .required = true},
               m_original);
    line.value({.names = "UPDATED",
                .help = "Configuration as it should be",
                .kind = ValueKind::File,
                .required = true},
               m_updated);
    line.value({.names = "--channel",
                .help = "Name of the channel that the update is for",
                .value = "NAME",
                .required = true},
               m_channel);
    line.value({.names = "--out",
                .help = "File to create; JSON when it ends in .json",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_out);
}

ExitCode ConfigComputeUpdateCommand::run(Session& session) {
    const auto update =
        usecase::ComputeConfigUpdate().run(ChannelId(m_channel), m_original, m_updated);
    if (!update.ok()) {
        const bool same = reasonOf(update.status()) == "NO_DIFFERENCE";
        return session.fail(update.status(), same ? ExitCode::Findings : ExitCode::UnreadableInput);
    }
    if (!m_out) {
        session.out().raw(safeJson(update->json));
        return ExitCode::Ok;
    }
    const bool json = m_out->extension() == ".json";
    const Bytes& content = json ? update->json : update->bytes;
    if (const Status written = writeNewFile(*m_out, content, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        session.print(Json{{"file", bytesToJson(m_out->string())},
                           {"bytes", content.size()},
                           {"changed_elements", update->changedElements}});
        return ExitCode::Ok;
    }
    session.out().line(good("✓ ") +
                       Text(fmt::format("{} written, {}.", m_out->string(), size(content.size()))));
    session.out().line("Elements that it changes:", 2);
    for (const std::string& element : update->changedElements) session.out().item("•", element, 2);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
