namespace Lae.Benchmarks.SideBySide;

/// <summary>The rows of docs/benchmarks.md.</summary>
internal static class Works
{
    private const double AnyLoss = 0.05;

    /// <summary>Half the distance from 1 to the next float: numbers of one sign, each rounded once, sum to within that share of the exact sum.</summary>
    private const double RoundingOfOne = 1.0 / (1 << 24);

    /// <summary>Every row whose sides take turns.</summary>
    public static IReadOnlyList<Work> All { get; } =
    [
        .. Products(),
        new("normals-single", "standard normals, float32, one thread", 3, 4000, "100,000 numbers", new Peer("sampling.py", "normals-single", ["randn"]))
        {
            OneThread = true,
            Agreements = Of(("meanSquare", new Agreement(0.04))),
        },
        new("normals-double", "standard normals, float64, one thread", 2, 1000, "100,000 numbers", new Peer("sampling.py", "normals-double", ["randn"]))
        {
            OneThread = true,
            Agreements = Of(("meanSquare", new Agreement(0.04))),
        },
        new("ula-diagonal", "ULA, 1,000 chains × 100 dimensions, diagonal precision, analytic gradient", 4, 8000, "transition", new Peer("sampling.py", "ula-diagonal", ["in place", "script"]))
        {
            Agreements = Of(("meanEnergy", new Agreement(0.05))),
        },
        new("ula-dense", "ULA, the same, dense precision, analytic gradient", 3, 6000, "transition", new Peer("sampling.py", "ula-dense", ["in place", "script"]))
        {
            Agreements = Of(("meanEnergy", new Agreement(0.05))),
        },
        new("ula-dense-autograd", "ULA, the same, dense precision, differentiated on both sides, Lae's density written as a quadratic form", 5, 6000, "transition", new Peer("sampling.py", "ula-dense-autograd", ["autograd"]))
        {
            Agreements = Of(("meanEnergy", new Agreement(0.05))),
        },
        new("ula-dense-autograd-composed", "… written as a product and sums of rows", null, 6000, "transition", new Peer("sampling.py", "ula-dense-autograd", ["autograd"]))
        {
            Agreements = Of(("meanEnergy", new Agreement(0.05))),
        },
        new("mala-dense", "MALA, the same, dense precision", 5, 6000, "transition", new Peer("sampling.py", "mala-dense", ["analytic", "autograd"]))
        {
            Agreements = Of(("meanEnergy", new Agreement(0.05)), ("acceptance", new Agreement(0.03))),
        },
        new("mala-logistic", "MALA, logistic regression, N = 1,000, d = 25, 64 chains, float64, against autograd", 5, 4000, "transition", new Peer("sampling.py", "mala-logistic", ["autograd"]))
        {
            Agreements = Of(("mean", new Agreement(0.05)), ("acceptance", new Agreement(0.03))),
            WriteData = path => SamplingWorks.Many().Write(path),
        },
        new("mala-single-chain", "one MALA chain, logistic regression, N = 1,000, d = 5, float64, against eager autograd", 50, 50_000, "transition", new Peer("sampling.py", "mala-single-chain", ["autograd"]))
        {
            Agreements = Of(("mean", new Agreement(0.05)), ("acceptance", new Agreement(0.03))),
            WriteData = path => SamplingWorks.Single().Write(path),
        },
        new("mala-single-chain-formulas", "the same against eager formulas, without autograd", null, 50_000, "transition", new Peer("sampling.py", "mala-single-chain", ["analytic"]))
        {
            LaeName = "mala-single-chain",
            Agreements = Of(("mean", new Agreement(0.05)), ("acceptance", new Agreement(0.03))),
            WriteData = path => SamplingWorks.Single().Write(path),
        },
        Autoencoder("lae-as-written", "LAE training step (T = 2, MH), as the authors write it: two gradients for each proposal, one proposal that does not count", 3),
        Autoencoder("lae-two-gradients", "… without the proposal that does not count", null),
        Autoencoder("lae-kept-gradient", "… one gradient for each proposal, the accepted one kept", 1.3),
        new("vae", "VAE training step, the same shapes", 1.2, 30, "step", new Peer("autoencoders.py", "vae", ["eager"]))
        {
            Agreements = Of(("loss", new Agreement(0, AnyLoss)), ("parameters", new Agreement(0))),
            WriteData = path => TrainingWorks.WriteImages(path, 784),
        },
        new("convolutional", "convolutional VAE training step, 32×32×3, two levels of 64 channels, batch 100", 1, 5, "step", new Peer("autoencoders.py", "convolutional", ["eager", "channels last"]))
        {
            Agreements = Of(("loss", new Agreement(0, AnyLoss)), ("parameters", new Agreement(0))),
            WriteData = path => TrainingWorks.WriteImages(path, 3072),
        },
    ];

    private static Work Autoencoder(string name, string title, double? atLeast) => new(name, title, atLeast, 30, "step", new Peer("autoencoders.py", name, ["eager"]))
    {
        LaeName = "lae",
        Agreements = Of(("loss", new Agreement(0, AnyLoss)), ("parameters", new Agreement(0)), ("acceptance", new Agreement(0.2))),
        WriteData = path => TrainingWorks.WriteImages(path, 784),
    };

    private static IEnumerable<Work> Products() => ProductWorks.Shapes.Select(pair => new Work(
        pair.Key, $"float32 product {pair.Value}, one thread, against OpenBLAS", 0.85, (int)Math.Max(1, 4e10 / pair.Value.Operations), "product", new Peer(null, pair.Key, ["OpenBLAS"]))
    {
        OneThread = true,
        Agreements = Of(("sum", new Agreement(2, RoundingOfOne)), ("squares", new Agreement(0, 1e-4))),
    });

    private static Dictionary<string, Agreement> Of(params (string Figure, Agreement Agreement)[] agreements) => agreements.ToDictionary(pair => pair.Figure, pair => pair.Agreement);
}
