#include "src/cli/ConfigSignCommand.h"

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/SignConfigUpdate.h"

namespace chancery::cli {

Help ConfigSignCommand::help() const {
    return {.summary = "Sign a configuration update as an identity of a workspace",
            .about = {"The result is a new file with one signature more, in the form that \"peer "
                      "channel signconfigtx\" and \"peer channel update\" take; other "
                      "administrators sign that file in turn. The key may be in a token.",
                      "Takes what \"config compute-update\" and configtxlator give, and files that "
                      "were signed before."},
            .examples = {{.what = "The administrator's signature",
                          .arguments =
                              "config sign "
                              "tests/data/vectors/config/cfglab/01_batch_size/update.pb --identity "
                              "admin --out signed.pb --passphrase-fd 3 3<passphrase",
                          .needsWorkspace = true}}};
}

void ConfigSignCommand::declare(CommandLine& line) {
    line.value({.names = "UPDATE",
                .help = "Update or signed envelope, binary or JSON",
                .kind = ValueKind::File,
                .required = true},
               m_update);
    line.value({.names = "--identity",
                .help = "Label of the identity that signs",
                .value = "LABEL",
                .required = true},
               m_identity);
    line.value({.names = "--out",
                .help = "File to create",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_out);
    m_workspace.declare(line, true);
}

ExitCode ConfigSignCommand::run(Session& session) {
    if (const Status status = m_workspace.unlock(); !status.ok()) return session.fail(status);
    const auto identity = m_workspace.wallet().identities().signing(m_identity);
    if (!identity.ok()) return session.fail(identity.status());
    const auto update = usecase::SignConfigUpdate(session.clock()).run(m_update, **identity);
    if (!update.ok()) return session.fail(update.status());
    if (const Status written = writeNewFile(m_out, update->envelope, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print(Json{{"file", bytesToJson(m_out.string())},
                           {"channel", update->channel.str()},
                           {"signatures", update->signatures}});
    else
        session.out().line(
            good("✓ ") +
            Text(fmt::format("{} written: an update of {} with {}.", m_out.string(),
                             update->channel.str(), counted(update->signatures, "signature"))));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
