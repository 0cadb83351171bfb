#pragma once

#include "src/cli/NetworkCommands.h"
#include "src/usecase/LabFile.h"

namespace chancery::cli {

/// The topology of a network as a file that makes others like it, or the whole network as a lab.
class NetworkExportCommand : public NetworkFolderCommand {
public:
    std::string words() const override { return "network export"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode exportTopology(Session& session, const usecase::NetworkFolder& folder) const;
    ExitCode exportLab(Session& session, usecase::NetworkFolder folder);

    std::filesystem::path m_file;
    std::optional<std::string> m_scenario;
    std::optional<std::uint64_t> m_passphrase;
    bool m_open = false;
};

/// A network out of a lab file.
class NetworkImportCommand : public Command {
public:
    std::string words() const override { return "network import"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode preview(Session& session, BytesView passphrase) const;
    ExitCode import(Session& session, BytesView passphrase);

    std::filesystem::path m_file;
    std::optional<std::filesystem::path> m_folder;
    std::string m_name;
    std::optional<std::uint64_t> m_passphrase;
    bool m_preview = false;
    bool m_stop = false;
    HostsAccess m_hosts;
};

}  // namespace chancery::cli
