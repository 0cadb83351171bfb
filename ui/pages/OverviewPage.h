#pragma once

#include "ui/pages/Page.h"

class QMenu;
class QScrollArea;
class QSplitter;
class QStackedWidget;
class QHBoxLayout;
class QPushButton;

namespace chancery::ui {

class CommandRegistry;
class DataTree;
class FigureStrip;
class Label;
class NetworkModel;
class NetworkSession;
class NodeInspector;
class PageHeader;
class SegmentedControl;
class TopologyView;

/// What runs, what is late, who must act: the network as a drawing with its figures, an inspector
/// for the selected node, and the same as a table.
class OverviewPage : public Page {
    Q_OBJECT
public:
    explicit OverviewPage(NetworkSession* session, CommandRegistry* commands = nullptr,
                          QWidget* parent = nullptr);
    ~OverviewPage() override;

    bool reveal(const Link& link) override;
    Link currentLink() const override;
    void focusMain() override;
    bool hasInspector() const override { return true; }
    void setInspectorShown(bool shown) override;
    QString commandLine() const override;

    void selectNode(const QString& name);
    enum View { ByOrganisation, ByHost, Table };
    void setView(View view);
    /// SVG or PNG by the file's name; false when it cannot be written.
    bool exportTo(const QString& path);

Q_SIGNALS:
    /// The ledgers that this computer has of the network are to be verified.
    void verifyRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeToolbar();
    QWidget* makeTable();
    void makeHeader();
    void addCommands();
    void refresh();
    void refreshBands();
    void chooseExport();
    void select(const QString& name, bool byUser);

    NetworkSession* m_session;
    NetworkModel* m_model;
    CommandRegistry* m_commands;
    PageHeader* m_header;
    FigureStrip* m_figures;
    QSplitter* m_columns;
    SegmentedControl* m_views;
    QHBoxLayout* m_bands;
    QWidget* m_bandBox;
    QStringList m_bandNames;
    QWidget* m_zoomBox;
    Label* m_zoom;
    QStackedWidget* m_stack;
    QScrollArea* m_scroll;
    TopologyView* m_view;
    DataTree* m_table;
    NodeInspector* m_inspector;
    QPushButton* m_samples;
    QString m_selected;
};

}  // namespace chancery::ui
