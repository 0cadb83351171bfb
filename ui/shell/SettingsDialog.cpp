#include "ui/shell/SettingsDialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDirIterator>
#include <QEvent>
#include <QGridLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/Settings.h"
#include "ui/shell/DialogFrame.h"
#include "ui/shell/KeysSection.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ConfirmByNameDialog.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/SegmentedControl.h"

namespace chancery::ui {
namespace {

qint64 bytesIn(const QString& folder, const std::stop_token& stop) {
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext() && !stop.stop_requested()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes;
}

/// Section title, then rows of label and control.
class Section {
public:
    Section(QVBoxLayout& body, const QString& title, QWidget* parent) : m_parent(parent) {
        body.addSpacing(8);
        body.addWidget(new Label(title, Type::SectionTitle, Tone::Text, parent));
        m_grid = new QGridLayout;
        m_grid->setHorizontalSpacing(16);
        m_grid->setVerticalSpacing(8);
        m_grid->setColumnMinimumWidth(0, 130);
        m_grid->setColumnStretch(1, 1);
        body.addLayout(m_grid);
    }
    void add(const QString& text, QWidget* control) {
        auto* label = new Label(text, Type::Body, Tone::Text2, m_parent);
        label->setBuddy(control);
        if (control->accessibleName().isEmpty()) control->setAccessibleName(text);
        m_grid->addWidget(label, m_row, 0, Qt::AlignLeft | Qt::AlignVCenter);
        m_grid->addWidget(control, m_row++, 1, Qt::AlignLeft | Qt::AlignVCenter);
    }

private:
    QWidget* m_parent;
    QGridLayout* m_grid;
    int m_row = 0;
};

}  // namespace

SettingsDialog::SettingsDialog(const Services& services, QWidget* parent)
    : QDialog(parent), m_services(services) {
    build();
    measureIndex();
}

void SettingsDialog::build() {
    DialogFrame frame(*this, tr("Settings"), 560);
    addAppearance(*frame.body());
    addKeys(*frame.body());
    addIndex(*frame.body());
    addLog(*frame.body());
    frame.buttonRow()->insertWidget(
        0, new Label(tr("Changes are applied at once."), Type::Table, Tone::Text3, this));
    auto* close = frame.addButton(makeButton(tr("Close"), ButtonTone::Primary));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void SettingsDialog::addAppearance(QVBoxLayout& body) {
    Settings& settings = m_services.settings;
    Section section(body, tr("Appearance"), this);
    auto* language = new QComboBox(this);
    for (const Language& each : languages()) language->addItem(each.name, each.code);
    language->setCurrentIndex(language->findData(settings.language()));
    connect(language, &QComboBox::activated, this, [this, language](int index) {
        m_services.settings.setLanguage(language->itemData(index).toString());
    });
    section.add(tr("Language"), language);
    auto* theme = new SegmentedControl({tr("Light"), tr("Dark"), tr("System")}, this);
    theme->setCurrent(static_cast<int>(settings.appearance()));
    connect(theme, &SegmentedControl::currentChanged, this, [this](int index) {
        m_services.settings.setAppearance(static_cast<Settings::Appearance>(index));
    });
    section.add(tr("Theme"), theme);
    auto* density = new SegmentedControl({tr("Compact"), tr("Normal"), tr("Comfortable")}, this);
    density->setCurrent(static_cast<int>(settings.density()));
    connect(density, &SegmentedControl::currentChanged, this, [this](int index) {
        m_services.settings.setDensity(static_cast<Settings::Density>(index));
    });
    section.add(tr("Table rows"), density);
    auto* motion = new QCheckBox(tr("Nothing slides or spins"), this);
    motion->setChecked(settings.reducedMotion());
    connect(motion, &QCheckBox::toggled, &settings, &Settings::setReducedMotion);
    section.add(tr("Reduced motion"), motion);
}

void SettingsDialog::addKeys(QVBoxLayout& body) {
    if (m_services.keys == nullptr) return;
    Section section(body, tr("Keys"), this);
    section.add(tr("Private keys"), new KeysSection(*m_services.keys, this));
}

void SettingsDialog::addIndex(QVBoxLayout& body) {
    Section section(body, tr("Ledger index"), this);
    auto* folder = new CopyLabel(QDir::toNativeSeparators(m_services.indexes), this);
    folder->setWhat(tr("Folder of the index"));
    section.add(tr("Folder"), folder);
    auto* holder = new QWidget(this);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    m_size = new Label(tr("measuring …"), Type::Body, Tone::Text, holder);
    m_clear = makeButton(tr("Clear index…"), ButtonTone::Danger, {}, ButtonSize::Small, holder);
    m_clear->setEnabled(false);
    connect(m_clear, &QPushButton::clicked, this, &SettingsDialog::askToClear);
    row->addWidget(m_size);
    row->addWidget(m_clear);
    section.add(tr("Size"), holder);
}

void SettingsDialog::addLog(QVBoxLayout& body) {
    Section section(body, tr("Log"), this);
    auto* level = new QComboBox(this);
    level->addItems({tr("Debug"), tr("Information"), tr("Warnings"), tr("Errors only")});
    level->setCurrentIndex(static_cast<int>(m_services.settings.logLevel()));
    connect(level, &QComboBox::activated, this, [this](int index) {
        m_services.settings.setLogLevel(static_cast<Settings::LogLevel>(index));
    });
    section.add(tr("Level"), level);
    if (m_services.logFile.isEmpty()) return;
    auto* open =
        makeButton(tr("Show log file"), ButtonTone::Secondary, {}, ButtonSize::Small, this);
    connect(open, &QPushButton::clicked, this,
            [this] { Q_EMIT revealRequested(m_services.logFile); });
    section.add(tr("File"), open);
}

void SettingsDialog::measureIndex() {
    m_measuring = call(
        this, [folder = m_services.indexes](std::stop_token stop) { return bytesIn(folder, stop); },
        [this](qint64 bytes) {
            m_bytes = bytes;
            m_size->setText(QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat));
            m_clear->setEnabled(bytes > 0);
        });
}

void SettingsDialog::askToClear() {
    const QString size = QLocale().formattedDataSize(m_bytes, 1, QLocale::DataSizeSIFormat);
    auto* dialog = new ConfirmByNameDialog(
        tr("Clear the ledger index?"),
        {tr("%1 of verified indexes are deleted.").arg(size), tr("Opened ledgers are closed."),
         tr("Each ledger is read and verified anew when it is opened. Ledger files stay as they "
            "are.")},
        QStringLiteral("index"), tr("Clear index"), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this] {
        Q_EMIT clearIndexRequested();
        accept();
    });
    dialog->open();
}

/// Built anew in the other language.
void SettingsDialog::rebuild() {
    m_measuring.cancel();
    qDeleteAll(findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
    delete layout();
    build();
    measureIndex();
}

void SettingsDialog::changeEvent(QEvent* event) {
    // Later, because it is a signal of one of the controls that changed the language.
    if (event->type() == QEvent::LanguageChange && layout() != nullptr)
        QMetaObject::invokeMethod(this, &SettingsDialog::rebuild, Qt::QueuedConnection);
    QDialog::changeEvent(event);
}

}  // namespace chancery::ui
