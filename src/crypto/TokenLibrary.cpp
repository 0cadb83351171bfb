#include "src/crypto/TokenLibrary.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/crypto/TokenImpl.h"

namespace chancery::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostModuleBytes = 256 << 20;
constexpr CK_ULONG kMostSlots = 1024;

Status unsafe(const fs::path& path, std::string_view why) {
    return makeError(StatusCode::kFailedPrecondition, "TOKEN_MODULE_UNSAFE",
                     fmt::format("the PKCS#11 module {} is not loaded: {}", path.string(), why),
                     {{"file", path.string()}});
}

Status notAModule(const fs::path& path, std::string_view why) {
    return makeError(
        StatusCode::kFailedPrecondition, "NOT_A_TOKEN_MODULE",
        fmt::format("{} is no usable PKCS#11 module: {}", path.string(), printable(why, 300)),
        {{"file", path.string()}});
}

// Who can change the file, or put another in its place, decides what runs in this program.
Status checkOwner(const fs::path& path, const fs::path& whole) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return unsafe(whole, fmt::format("{} cannot be examined", path.string()));
    if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
        return unsafe(whole, fmt::format("{} belongs to another user", path.string()));
    const bool sticky = S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0;
    if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky)
        return unsafe(whole, fmt::format("others than its owner may write {}", path.string()));
    return absl::OkStatus();
}

std::string padded(const CK_UTF8CHAR* text, std::size_t size) {
    std::string_view view(reinterpret_cast<const char*>(text), size);
    view = view.substr(0, view.find('\0'));
    while (!view.empty() && view.back() == ' ') view.remove_suffix(1);
    return std::string(view);
}

std::string nameOfCode(CK_RV code) {
    switch (code) {
        case CKR_FUNCTION_FAILED:
            return "CKR_FUNCTION_FAILED";
        case CKR_GENERAL_ERROR:
            return "CKR_GENERAL_ERROR";
        case CKR_ATTRIBUTE_VALUE_INVALID:
            return "CKR_ATTRIBUTE_VALUE_INVALID";
        case CKR_TEMPLATE_INCONSISTENT:
            return "CKR_TEMPLATE_INCONSISTENT";
        case CKR_TOKEN_WRITE_PROTECTED:
            return "CKR_TOKEN_WRITE_PROTECTED";
        case CKR_FUNCTION_NOT_SUPPORTED:
            return "CKR_FUNCTION_NOT_SUPPORTED";
        default:
            return fmt::format("code 0x{:X}", code);
    }
}

}  // namespace

Status tokenError(CK_RV code, std::string_view what, const std::string& token) {
    const ErrorArguments arguments = {{"token", printable(token, 64)}};
    const auto error = [&](StatusCode status, std::string_view reason, std::string_view why) {
        return makeError(
            status, reason,
            fmt::format("the token '{}' could not {}: {}", printable(token, 64), what, why),
            arguments);
    };
    switch (code) {
        case CKR_OK:
            return absl::OkStatus();
        case CKR_PIN_INCORRECT:
        case CKR_PIN_INVALID:
        case CKR_PIN_LEN_RANGE:
            return error(StatusCode::kUnauthenticated, "TOKEN_WRONG_PIN", "the PIN is wrong");
        case CKR_PIN_LOCKED:
            return error(StatusCode::kFailedPrecondition, "TOKEN_PIN_LOCKED",
                         "its PIN is locked after too many wrong tries");
        case CKR_USER_NOT_LOGGED_IN:
            return error(StatusCode::kFailedPrecondition, "TOKEN_LOCKED",
                         "its PIN has not been given");
        case CKR_DEVICE_REMOVED:
        case CKR_DEVICE_ERROR:
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_TOKEN_NOT_RECOGNIZED:
        case CKR_SLOT_ID_INVALID:
        case CKR_SESSION_HANDLE_INVALID:
        case CKR_SESSION_CLOSED:
        case CKR_CRYPTOKI_NOT_INITIALIZED:
            return error(StatusCode::kUnavailable, "TOKEN_GONE", "it does not answer any more");
        case CKR_MECHANISM_INVALID:
        case CKR_MECHANISM_PARAM_INVALID:
        case CKR_CURVE_NOT_SUPPORTED:
        case CKR_DOMAIN_PARAMS_INVALID:
        case CKR_KEY_TYPE_INCONSISTENT:
        case CKR_KEY_FUNCTION_NOT_PERMITTED:
            return error(StatusCode::kFailedPrecondition, "TOKEN_NO_MECHANISM",
                         "it has no mechanism for that");
        case CKR_OBJECT_HANDLE_INVALID:
        case CKR_KEY_HANDLE_INVALID:
            return error(StatusCode::kNotFound, "NO_TOKEN_KEY", "the key is not there");
        default:
            return error(StatusCode::kInternal, "TOKEN_FAILED", nameOfCode(code));
    }
}

Result<TokenInfo> readTokenInfo(const TokenLibrary& library, CK_SLOT_ID slot) {
    CK_TOKEN_INFO facts{};
    const CK_RV code = library.functions().list->C_GetTokenInfo(slot, &facts);
    if (code != CKR_OK) return tokenError(code, "describe itself", fmt::format("slot {}", slot));
    const auto has = [&](CK_FLAGS flag) { return (facts.flags & flag) != 0; };
    return TokenInfo{.label = padded(facts.label, sizeof facts.label),
                     .serial = padded(facts.serialNumber, sizeof facts.serialNumber),
                     .manufacturer = padded(facts.manufacturerID, sizeof facts.manufacturerID),
                     .model = padded(facts.model, sizeof facts.model),
                     .slot = slot,
                     .initialised = has(CKF_TOKEN_INITIALIZED) && has(CKF_USER_PIN_INITIALIZED),
                     .needsPin = has(CKF_LOGIN_REQUIRED),
                     .writable = !has(CKF_WRITE_PROTECTED),
                     .triesAreFew = has(CKF_USER_PIN_COUNT_LOW),
                     .lastTry = has(CKF_USER_PIN_FINAL_TRY),
                     .locked = has(CKF_USER_PIN_LOCKED)};
}

Result<TokenModule> inspectTokenModule(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error)
        return makeError(
            StatusCode::kNotFound, "NO_TOKEN_MODULE",
            fmt::format("there is no PKCS#11 module {}: {}", path.string(), error.message()),
            {{"file", path.string()}});
    RETURN_IF_ERROR(checkOwner(real, real));
    RETURN_IF_ERROR(checkOwner(real.parent_path(), real));
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(real, kMostModuleBytes));
    return TokenModule{real, toHex(sha256(bytes))};
}

TokenLibrary::TokenLibrary(TokenModule module)
    : m_module(std::move(module)), m_functions(std::make_unique<Functions>()) {}

TokenLibrary::~TokenLibrary() {
    // The code stays loaded: modules leave threads and exit handlers behind.
    if (m_functions->list != nullptr) m_functions->list->C_Finalize(nullptr);
}

Result<std::shared_ptr<TokenLibrary>> TokenLibrary::load(const TokenModule& approved) {
    // One C_Initialize per program: whoever comes second shares it.
    static std::mutex mutex;
    static std::map<fs::path, std::weak_ptr<TokenLibrary>> loaded;
    const std::lock_guard lock(mutex);
    ASSIGN_OR_RETURN(const TokenModule found, inspectTokenModule(approved.path));
    if (found.sha256 != approved.sha256 || found.path != approved.path)
        return makeError(
            StatusCode::kPermissionDenied, "TOKEN_MODULE_CHANGED",
            fmt::format("the PKCS#11 module {} is not the one that was approved (SHA-256 {}, now "
                        "{}); approve it again if you know why it changed",
                        approved.path.string(), approved.sha256.substr(0, 16),
                        found.sha256.substr(0, 16)),
            {{"file", approved.path.string()}});
    if (auto there = loaded[found.path].lock()) return there;
    void* handle = ::dlopen(found.path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* why = ::dlerror();
        return notAModule(found.path, why != nullptr ? why : "it cannot be loaded");
    }
    const auto getList =
        reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
    auto library = std::make_shared<TokenLibrary>(found);
    CK_FUNCTION_LIST* list = nullptr;
    if (getList == nullptr || getList(&list) != CKR_OK || list == nullptr)
        return notAModule(found.path, "it gives no list of functions");
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    if (const CK_RV code = list->C_Initialize(&arguments); code != CKR_OK)
        return notAModule(found.path, fmt::format("it does not start ({})", nameOfCode(code)));
    library->m_functions->list = list;
    loaded[found.path] = library;
    return library;
}

Result<std::vector<TokenInfo>> TokenLibrary::tokens() const {
    const std::string name = m_module.path.filename().string();
    std::vector<CK_SLOT_ID> slots;
    // The number may change between the two calls.
    for (int tries = 0; tries < 4; ++tries) {
        CK_ULONG count = 0;
        if (const CK_RV code = m_functions->list->C_GetSlotList(CK_TRUE, nullptr, &count);
            code != CKR_OK)
            return tokenError(code, "list its slots", name);
        slots.resize(std::min(count, kMostSlots));
        count = slots.size();
        const CK_RV code = m_functions->list->C_GetSlotList(CK_TRUE, slots.data(), &count);
        if (code == CKR_BUFFER_TOO_SMALL) continue;
        if (code != CKR_OK) return tokenError(code, "list its slots", name);
        slots.resize(std::min<std::size_t>(count, slots.size()));
        break;
    }
    std::vector<TokenInfo> tokens;
    for (const CK_SLOT_ID slot : slots)
        if (auto info = readTokenInfo(*this, slot); info.ok()) tokens.push_back(*std::move(info));
    return tokens;
}

}  // namespace chancery::crypto
