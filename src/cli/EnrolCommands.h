#pragma once

#include <vector>

#include "src/cli/CaAccess.h"
#include "src/cli/Command.h"
#include "src/usecase/EnrolIdentity.h"

namespace chancery::cli {

/// A secret becomes a certificate: for the workspace, or as files for a node.
class IdentityEnrollCommand : public Command {
public:
    std::string words() const override { return "identity enroll"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    ExitCode intoWorkspace(Session& session);
    ExitCode intoFiles(Session& session);
    usecase::CertificateWishes wishes() const;
    /// Of the workspace, made if no option names one.
    Result<crypto::SignerPtr> keyFor(const crypto::Suite& suite, bool& isNew);
    Result<std::string> readEnrolmentSecret() const;

    CaAccess m_ca;
    WorkspaceAccess m_workspace;
    TokenChoice m_token;
    std::string m_label;
    std::optional<std::string> m_id;
    std::optional<std::string> m_mspId;
    std::optional<std::string> m_key;
    std::optional<std::uint64_t> m_secret;
    std::optional<std::filesystem::path> m_mspFolder;
    std::optional<std::filesystem::path> m_tlsFolder;
    std::vector<std::string> m_hosts;
    std::vector<std::string> m_attributes;
};

/// A new certificate for an identity of the workspace.
class IdentityReenrollCommand : public Command {
public:
    std::string words() const override { return "identity reenroll"; }
    Help help() const override;
    void declare(CommandLine& line) override;
    ExitCode run(Session& session) override;

private:
    Result<wallet::IdentityInfo> work();

    CaAccess m_ca;
    WorkspaceAccess m_workspace;
    std::string m_label;
    std::optional<std::string> m_key;
};

}  // namespace chancery::cli
