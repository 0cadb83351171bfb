#include "src/wallet/TokenModules.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"

namespace chancery::wallet {
namespace {

constexpr const char* kFile = "modules.wallet";
constexpr const char* kKind = "modules";

Status unknown(const std::filesystem::path& path, StatusCode code) {
    return makeError(code, "TOKEN_MODULE_UNKNOWN",
                     fmt::format("the PKCS#11 module {} is not approved for this workspace; it is "
                                 "code that would run in this program and see PINs",
                                 printable(path.string())),
                     {{"file", printable(path.string())}});
}

}  // namespace

Result<std::vector<crypto::TokenModule>> TokenModules::list() const {
    std::vector<crypto::TokenModule> modules;
    if (!m_vault->folder().has(kFile)) return modules;
    // The seal counts: the list decides which code is loaded.
    const auto sealed = m_vault->reveal(kFile, kKind);
    if (!sealed.ok()) return sealed.status();
    ASSIGN_OR_RETURN(const Vault::Opened opened, m_vault->peek(kFile, kKind));
    const auto found = opened.metadata.find("modules");
    if (found == opened.metadata.end() || !found->is_array())
        return damaged(kFile, "it holds no list");
    for (const Json& entry : *found) {
        const auto path = stringIn(entry, "path");
        const auto sum = stringIn(entry, "sha256");
        if (!path || !sum || sum->size() != 64) return damaged(kFile, "an entry is not complete");
        modules.push_back({*path, *sum});
    }
    return modules;
}

Status TokenModules::save(const std::vector<crypto::TokenModule>& modules) {
    Json array = Json::array();
    for (const crypto::TokenModule& module : modules)
        array.push_back({{"path", module.path.string()}, {"sha256", module.sha256}});
    return m_vault->store(kFile, kKind, {{"modules", std::move(array)}}, {});
}

Result<crypto::TokenModule> TokenModules::approve(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const crypto::TokenModule module, crypto::inspectTokenModule(path));
    if (!isUtf8(module.path.string()))
        return makeError(StatusCode::kInvalidArgument, "BAD_FILE_NAME",
                         "the path of a module must be UTF-8");
    const Status status = m_vault->change(
        {.what = "MODULE_APPROVED", .subject = module.path.string(), .note = module.sha256},
        [&]() -> Status {
            ASSIGN_OR_RETURN(auto modules, list());
            std::erase_if(modules, [&](const auto& other) { return other.path == module.path; });
            modules.push_back(module);
            return save(modules);
        });
    if (!status.ok()) return status;
    return module;
}

Status TokenModules::withdraw(const std::filesystem::path& path) {
    std::error_code error;
    const auto real = std::filesystem::weakly_canonical(path, error);
    return m_vault->change({.what = "MODULE_WITHDRAWN", .subject = real.string()}, [&]() -> Status {
        ASSIGN_OR_RETURN(auto modules, list());
        const auto removed =
            std::erase_if(modules, [&](const auto& other) { return other.path == real; });
        if (removed == 0) return unknown(path, StatusCode::kNotFound);
        return save(modules);
    });
}

Result<std::shared_ptr<crypto::TokenLibrary>> TokenModules::load(
    const std::filesystem::path& path) const {
    ASSIGN_OR_RETURN(const auto modules, list());
    std::error_code error;
    const auto real = std::filesystem::weakly_canonical(path, error);
    const auto found = std::find_if(modules.begin(), modules.end(),
                                    [&](const auto& module) { return module.path == real; });
    if (found == modules.end()) return unknown(path, StatusCode::kPermissionDenied);
    return crypto::TokenLibrary::load(*found);
}

Result<std::shared_ptr<crypto::Token>> TokenModules::open(const std::filesystem::path& path,
                                                          const crypto::TokenName& name) const {
    ASSIGN_OR_RETURN(auto library, load(path));
    ASSIGN_OR_RETURN(auto token, crypto::Token::open(std::move(library), name));
    if (token->loggedIn()) {
        m_vault->keep(token);
        return token;
    }
    ASSIGN_OR_RETURN(const crypto::TokenInfo info, token->info());
    if (!m_vault->options().pin)
        return makeError(
            StatusCode::kFailedPrecondition, "TOKEN_LOCKED",
            fmt::format("the PIN of the token '{}' has not been given", printable(info.label, 64)),
            {{"token", printable(info.label, 64)}});
    // Nobody is asked for a PIN that would not be tried.
    if (info.locked) return token->login({});
    if (info.lastTry && m_vault->options().lastPinTry == crypto::LastTry::Refused)
        return token->login({});
    ASSIGN_OR_RETURN(const crypto::Secret pin, m_vault->options().pin(info));
    RETURN_IF_ERROR(token->login(pin.view(), m_vault->options().lastPinTry));
    m_vault->keep(token);
    return token;
}

}  // namespace chancery::wallet
