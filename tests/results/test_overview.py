def test_it_opens(kestrel):
    page = kestrel.owner.page("/o/kestrel/")
    print(page.text())
    for u in ("heatmap", "units/root", f"units/u{kestrel.id * 100 + 16}", f"units/u{kestrel.id * 100 + 7}"):
        print(kestrel.owner.page(f"/o/kestrel/results/{kestrel.waves[-1]}/{u}").text()[:3000])
    print(kestrel.owner.page("/o/kestrel/results/trend").text()[:3000])
