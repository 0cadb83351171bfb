// A PKCS#11 module with one token, PIN "123456", that locks itself after three wrong ones: what
// SoftHSM does not do. It holds no keys.
#include "tests/src/crypto/module/FakeModule.h"

#include <p11-kit/pkcs11.h>

#include <cstring>

namespace {

FakeToken token;
constexpr const char* kPin = "123456";
constexpr CK_SLOT_ID kSlot = 7;

template <std::size_t N>
void pad(CK_UTF8CHAR (&field)[N], const char* text) {
    std::memset(field, ' ', N);
    std::memcpy(field, text, std::strlen(text));
}

CK_RV initialize(void*) {
    return CKR_OK;
}
CK_RV finalize(void*) {
    return CKR_OK;
}
CK_RV getSlotList(CK_BBOOL, CK_SLOT_ID* slots, CK_ULONG* count) {
    const CK_ULONG there = token.removed ? 0 : 1;
    if (slots != nullptr && *count < there) return CKR_BUFFER_TOO_SMALL;
    if (slots != nullptr && there > 0) slots[0] = kSlot;
    *count = there;
    return CKR_OK;
}
CK_RV getTokenInfo(CK_SLOT_ID, CK_TOKEN_INFO* info) {
    if (token.removed) return CKR_TOKEN_NOT_PRESENT;
    std::memset(info, 0, sizeof *info);
    pad(info->label, "Fake token");
    pad(info->manufacturerID, "Nobody");
    pad(info->model, "F1");
    pad(info->serialNumber, "0001");
    info->flags = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED | CKF_LOGIN_REQUIRED;
    if (token.triesLeft < 3) info->flags |= CKF_USER_PIN_COUNT_LOW;
    if (token.triesLeft == 1) info->flags |= CKF_USER_PIN_FINAL_TRY;
    if (token.triesLeft == 0) info->flags |= CKF_USER_PIN_LOCKED;
    return CKR_OK;
}
CK_RV openSession(CK_SLOT_ID, CK_FLAGS, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
    static CK_SESSION_HANDLE next = 1;
    if (token.removed) return CKR_DEVICE_REMOVED;
    if (token.mostSessions > 0 && token.sessions >= token.mostSessions) return CKR_SESSION_COUNT;
    ++token.sessions;
    *session = next++;
    return CKR_OK;
}
CK_RV closeSession(CK_SESSION_HANDLE) {
    if (--token.sessions == 0) token.loggedIn = false;
    return CKR_OK;
}
CK_RV login(CK_SESSION_HANDLE, CK_USER_TYPE, CK_UTF8CHAR* pin, CK_ULONG size) {
    if (token.removed) return CKR_DEVICE_REMOVED;
    if (token.triesLeft == 0) return CKR_PIN_LOCKED;
    ++token.logins;
    if (size != std::strlen(kPin) || std::memcmp(pin, kPin, size) != 0)
        return --token.triesLeft == 0 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
    token.triesLeft = 3;
    token.loggedIn = true;
    return CKR_OK;
}
CK_RV logout(CK_SESSION_HANDLE) {
    token.loggedIn = false;
    return CKR_OK;
}
CK_RV findObjectsInit(CK_SESSION_HANDLE, CK_ATTRIBUTE*, CK_ULONG) {
    return token.removed ? CKR_DEVICE_REMOVED : CKR_OK;
}
CK_RV findObjects(CK_SESSION_HANDLE, CK_OBJECT_HANDLE*, CK_ULONG, CK_ULONG* count) {
    *count = 0;
    return CKR_OK;
}
CK_RV findObjectsFinal(CK_SESSION_HANDLE) {
    return CKR_OK;
}

}  // namespace

extern "C" FakeToken* fakeToken() {
    return &token;
}

extern "C" CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
    static CK_FUNCTION_LIST functions = [] {
        CK_FUNCTION_LIST all{};
        all.version = {2, 40};
        all.C_Initialize = initialize;
        all.C_Finalize = finalize;
        all.C_GetSlotList = getSlotList;
        all.C_GetTokenInfo = getTokenInfo;
        all.C_OpenSession = openSession;
        all.C_CloseSession = closeSession;
        all.C_Login = login;
        all.C_Logout = logout;
        all.C_FindObjectsInit = findObjectsInit;
        all.C_FindObjects = findObjects;
        all.C_FindObjectsFinal = findObjectsFinal;
        return all;
    }();
    *list = &functions;
    return CKR_OK;
}
