// What C++ does for the built-in modules (js/): the object `host` there.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "node/contract/RealmImpl.h"
#include "node/contract/Utf16.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::node::contract {
namespace {

/// Arguments of one call from JavaScript. Missing ones are undefined.
class Call {
public:
    Call(JSContextRef context, std::size_t count, const JSValueRef* values)
        : m_realm(*currentRealm()), m_context(context), m_values(values, count) {}

    Realm::Impl& realm() const { return m_realm; }
    RealmHost& host() const { return m_realm.host; }
    JSContextRef context() const { return m_context; }
    std::size_t count() const { return m_values.size(); }
    JSValueRef value(std::size_t i) const {
        return i < m_values.size() ? m_values[i] : JSValueMakeUndefined(m_context);
    }
    double number(std::size_t i) const { return JSValueToNumber(m_context, value(i), nullptr); }
    TransactionNumber transaction() const { return static_cast<TransactionNumber>(number(0)); }
    Bytes text(std::size_t i) const { return script::textOf(m_context, value(i)); }
    Result<Bytes> bytes(std::size_t i) const { return script::bytesOf(m_context, value(i)); }

    Result<JSValueRef> nothing() const { return JSValueMakeUndefined(m_context); }
    Result<JSValueRef> give(BytesView text) const { return script::makeText(m_context, text); }
    Result<JSValueRef> giveBytes(Result<Bytes> bytes) const {
        if (!bytes.ok()) return bytes.status();
        return script::makeBytes(m_context, *std::move(bytes));
    }

private:
    Realm::Impl& m_realm;
    JSContextRef m_context;
    std::span<const JSValueRef> m_values;
};

using Function = Result<JSValueRef> (*)(const Call&);

template <Function function>
JSValueRef native(JSContextRef context, JSObjectRef /*function*/, JSObjectRef /*self*/,
                  std::size_t count, const JSValueRef values[], JSValueRef* exception) {
    const script::Locked locked(context);
    const Result<JSValueRef> result = function(Call(context, count, values));
    if (result.ok()) return *result;
    *exception = script::makeError(context, messageOf(result.status()));
    return JSValueMakeUndefined(context);
}

Status bad(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_ARGUMENT", sentence);
}

// request(transaction, type, pageSize, ...words)
Result<JSValueRef> request(const Call& call) {
    Question question;
    question.type = static_cast<int>(call.number(1));
    const double pageSize = call.number(2);
    if (!(pageSize >= -1 && pageSize <= 1e9)) return bad("the page size must be a number of rows");
    question.pageSize = static_cast<int>(pageSize);
    for (std::size_t i = 3; i < call.count(); ++i) {
        ASSIGN_OR_RETURN(Bytes word, call.bytes(i));
        question.words.push_back(std::move(word));
    }
    RETURN_IF_ERROR(call.host().ask(call.transaction(), std::move(question)));
    return call.nothing();
}

// complete(transaction, status, message, payload, event name, event payload)
Result<JSValueRef> complete(const Call& call) {
    Completion completion;
    const double status = call.number(1);
    completion.status = status >= 0 && status <= 1e9 ? static_cast<std::int32_t>(status) : 500;
    completion.message = call.text(2);
    ASSIGN_OR_RETURN(completion.payload, call.bytes(3));
    completion.eventName = call.text(4);
    ASSIGN_OR_RETURN(completion.eventPayload, call.bytes(5));
    call.host().complete(call.transaction(), std::move(completion));
    return call.nothing();
}

Result<JSValueRef> fail(const Call& call) {
    call.host().fail(call.transaction(), call.text(1));
    return call.nothing();
}

Result<JSValueRef> describe(const Call& call) {
    ASSIGN_OR_RETURN(const std::string facts, call.host().describeCaller(call.transaction()));
    return call.give(facts);
}

Result<JSValueRef> proposalBytes(const Call& call) {
    return call.giveBytes(call.host().proposalPart(call.transaction(), call.text(1)));
}

Result<JSValueRef> argument(const Call& call) {
    const auto index = static_cast<std::size_t>(std::max(call.number(1), 0.0));
    return call.giveBytes(call.host().argument(call.transaction(), index));
}

Result<JSValueRef> certificate(const Call& call) {
    ASSIGN_OR_RETURN(const Bytes pem, call.bytes(0));
    ASSIGN_OR_RETURN(const std::string facts, call.host().certificateFacts(pem));
    return call.give(facts);
}

Result<JSValueRef> localMspId(const Call& call) {
    return call.give(call.host().localMspId());
}

Result<JSValueRef> log(const Call& call) {
    call.host().log(call.text(0), call.text(1));
    return call.nothing();
}

// What one writes for bytes: forgiving, as Node.js is.
Bytes fromLooseHex(BytesView text) {
    std::size_t good = 0;
    while (good + 1 < text.size() && fromHex(text.substr(good, 2)).ok()) good += 2;
    return *fromHex(text.substr(0, good));
}
Bytes fromLooseBase64(BytesView text) {
    Bytes clean;
    for (char c : text) {
        if (c == '-') c = '+';
        if (c == '_') c = '/';
        if (c == '=') break;
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/') clean.push_back(c);
    }
    if (clean.size() % 4 == 1) clean.pop_back();
    // Bits behind the last whole byte do not count.
    if (clean.size() % 4 != 0) {
        static constexpr BytesView kAlphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const std::size_t mask = clean.size() % 4 == 2 ? 0x30 : 0x3C;
        clean.back() = kAlphabet[kAlphabet.find(clean.back()) & mask];
    }
    clean.resize((clean.size() + 3) / 4 * 4, '=');
    return fromBase64(clean).value_or(Bytes());
}

// encode(text, encoding): bytes of a text
Result<JSValueRef> encode(const Call& call) {
    const Bytes encoding = call.text(1);
    if (encoding == "latin1" || encoding == "utf16le") {
        const script::String text(JSValueToStringCopy(call.context(), call.value(0), nullptr));
        Bytes bytes;
        for (std::size_t i = 0; text && i < JSStringGetLength(text.get()); ++i) {
            const JSChar unit = JSStringGetCharactersPtr(text.get())[i];
            bytes.push_back(static_cast<char>(unit & 0xFF));
            if (encoding == "utf16le") bytes.push_back(static_cast<char>(unit >> 8));
        }
        return call.giveBytes(std::move(bytes));
    }
    Bytes text = call.text(0);
    if (encoding == "hex") return call.giveBytes(fromLooseHex(text));
    if (encoding.starts_with("base64")) return call.giveBytes(fromLooseBase64(text));
    return call.giveBytes(std::move(text));
}

std::string toBase64Url(BytesView bytes) {
    std::string text = toBase64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (text.ends_with('=')) text.pop_back();
    return text;
}

// decode(bytes, encoding): text of bytes
Result<JSValueRef> decode(const Call& call) {
    ASSIGN_OR_RETURN(const Bytes bytes, call.bytes(0));
    const Bytes encoding = call.text(1);
    if (encoding == "utf8") return call.give(bytes);
    if (encoding == "hex") return call.give(toHex(bytes));
    if (encoding == "base64") return call.give(toBase64(bytes));
    if (encoding == "base64url") return call.give(toBase64Url(bytes));
    std::vector<JSChar> units;
    const auto unit = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (encoding == "utf16le") {
        for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
            units.push_back(static_cast<JSChar>(unit(i) | (unit(i + 1) << 8)));
    } else {
        for (std::size_t i = 0; i < bytes.size(); ++i) units.push_back(unit(i));
    }
    const script::String text(JSStringCreateWithCharacters(units.data(), units.size()));
    return JSValueMakeString(call.context(), text.get());
}

// digest(algorithm, bytes)
Result<JSValueRef> digest(const Call& call) {
    using crypto::HashAlgorithm;
    static const std::map<Bytes, HashAlgorithm> kAlgorithms = {
        {"sha1", HashAlgorithm::Sha1},     {"sha256", HashAlgorithm::Sha256},
        {"sha384", HashAlgorithm::Sha384}, {"sha512", HashAlgorithm::Sha512},
        {"sm3", HashAlgorithm::Sm3},
    };
    const auto algorithm = kAlgorithms.find(call.text(0));
    if (algorithm == kAlgorithms.end()) return bad("Digest method not supported");
    ASSIGN_OR_RETURN(const Bytes bytes, call.bytes(1));
    return call.giveBytes(crypto::digest(algorithm->second, bytes));
}

// keyPolicy(mspId, role, mspId, role, …)
Result<JSValueRef> keyPolicy(const Call& call) {
    std::vector<std::pair<std::string, int>> members;
    for (std::size_t i = 0; i + 1 < call.count(); i += 2)
        members.emplace_back(call.text(i), static_cast<int>(call.number(i + 1)));
    return call.giveBytes(encodeKeyPolicy(members));
}

Result<JSValueRef> readKeyPolicy(const Call& call) {
    ASSIGN_OR_RETURN(const Bytes bytes, call.bytes(0));
    ASSIGN_OR_RETURN(const auto members, decodeKeyPolicy(bytes));
    const JSObjectRef list = JSObjectMakeArray(call.context(), 0, nullptr, nullptr);
    unsigned index = 0;
    for (const auto& [mspId, role] : members) {
        JSObjectSetPropertyAtIndex(call.context(), list, index++,
                                   script::makeText(call.context(), mspId), nullptr);
        JSObjectSetPropertyAtIndex(call.context(), list, index++,
                                   JSValueMakeNumber(call.context(), role), nullptr);
    }
    return list;
}

Result<JSValueRef> hasFile(const Call& call) {
    return JSValueMakeBoolean(call.context(), call.realm().package.files.contains(call.text(0)));
}

Result<JSValueRef> fileText(const Call& call) {
    const auto found = call.realm().package.files.find(call.text(0));
    if (found == call.realm().package.files.end()) return bad("there is no such file");
    return call.give(found->second);
}

// compile(path): the function of a CommonJS module. Only a function can come of it: the engine
// refuses text that would end the function's body.
Result<JSValueRef> compile(const Call& call) {
    const Bytes path = call.text(0);
    const auto found = call.realm().package.files.find(path);
    if (found == call.realm().package.files.end()) return bad("there is no such file");
    BytesView code = found->second;
    if (code.starts_with("\xEF\xBB\xBF")) code.remove_prefix(3);
    const Bytes text = code.starts_with("#!") ? "//" + Bytes(code) : Bytes(code);
    std::vector<script::String> names;
    for (const char* name : {"exports", "require", "module", "__filename", "__dirname"})
        names.push_back(script::makeString(name));
    std::vector<JSStringRef> parameters;
    for (const auto& name : names) parameters.push_back(name.get());
    JSValueRef exception = nullptr;
    const JSObjectRef function = JSObjectMakeFunction(
        call.context(), nullptr, static_cast<unsigned>(parameters.size()), parameters.data(),
        script::makeString(text).get(), script::makeString(path).get(), 1, &exception);
    if (exception != nullptr)
        return bad(fmt::format("{}: {}", path, script::textOf(call.context(), exception)));
    return function;
}

// Runs what promises have to do now, inside of the call that the engine watches. Left to the end of
// the call, each piece would be watched on its own, and an endless chain of short ones never ended.
Result<JSValueRef> drain(const Call& call) {
    using Drain = void (*)(void* vm);
    // JSC::VM::drainMicrotasks; a context group is the engine's VM.
    static const auto run =
        reinterpret_cast<Drain>(::dlsym(RTLD_DEFAULT, "_ZN3JSC2VM15drainMicrotasksEv"));
    if (run != nullptr) run(const_cast<void*>(static_cast<const void*>(call.realm().group)));
    return call.nothing();
}

template <Function function>
void add(JSContextRef context, JSObjectRef object, const char* name) {
    const script::String text = script::makeString(name);
    script::setProperty(context, object, name,
                        JSObjectMakeFunctionWithCallback(context, text.get(), native<function>));
}

}  // namespace

JSObjectRef makeHostObject(Realm::Impl& impl) {
    const JSContextRef context = impl.context;
    const JSObjectRef object = JSObjectMake(context, nullptr, nullptr);
    JSValueProtect(context, object);
    add<request>(context, object, "request");
    add<complete>(context, object, "complete");
    add<fail>(context, object, "fail");
    add<describe>(context, object, "describe");
    add<proposalBytes>(context, object, "proposalBytes");
    add<argument>(context, object, "argument");
    add<certificate>(context, object, "certificate");
    add<localMspId>(context, object, "localMspId");
    add<log>(context, object, "log");
    add<encode>(context, object, "encode");
    add<decode>(context, object, "decode");
    add<digest>(context, object, "digest");
    add<keyPolicy>(context, object, "keyPolicy");
    add<readKeyPolicy>(context, object, "readKeyPolicy");
    add<hasFile>(context, object, "hasFile");
    add<fileText>(context, object, "fileText");
    add<compile>(context, object, "compile");
    add<drain>(context, object, "drain");
    JSValueUnprotect(context, object);
    return object;
}

}  // namespace chancery::node::contract
