using Lae.Laws;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Tests.Models;

/// <summary>Sampler-ALD on a Gaussian energy: the analogue of laws I-45 and I-46, read off without randomness; and that the network reproduces what its kernel moved.</summary>
public sealed class SamplerLangevinTests
{
    private const int Points = 3;
    private const int Size = 2 * Points;
    private static readonly double[] Precision = [1.8, 0.5, 0.5, 0.9];
    private static readonly Tensor A = Expanded((i, j) => i == j, Precision);

    public static TheoryData<double?> Forms { get; } = [null, 0.3];

    /// <summary>With p = N(0, A⁻¹) for every sample, Z̃ has the covariance (A − (η/2) A K A)⁻¹ with the effective K.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void The_stationary_law_on_a_gaussian_energy_is_that_of_the_gram_matrix(double? regularization)
    {
        (AffineMap map, Tensor chart, Tensor effective, double stepSize) = Read(regularization);
        Tensor covariance = chart.MatMul(StationaryLaw.Covariance(map), transposeA: true).MatMul(chart);
        Assert.True(Distance(Stationary(effective, stepSize), covariance) < 1e-9);

        // one step: I − η K A in Z, and noise 2 η K
        Tensor moved = map.State.Transpose().MatMul(chart);
        Tensor drift = Tensor.Identity(Size, DType.Float64) - (stepSize * effective.MatMul(A));
        Assert.True(Distance(chart.MatMul(drift, transposeB: true), moved) < 1e-9);
        Assert.True(Distance(2 * stepSize * effective, chart.MatMul(map.NoiseCovariance(), transposeA: true).MatMul(chart)) < 1e-9);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_sampler_with_independent_noise_for_each_sample_is_rejected(double? regularization)
    {
        // the drift of Ψ, but noise added to the samples: the likeliest slip, and right where K is the identity
        (AffineMap _, Tensor _, Tensor effective, double stepSize) = Read(regularization);
        AffineMap wrong = new(
            Tensor.Identity(Size, DType.Float64) - (stepSize * effective.MatMul(A)),
            Math.Sqrt(2 * stepSize) * Tensor.Identity(Size, DType.Float64),
            Tensor.Zeros(new Shape(Size), DType.Float64));
        Assert.True(Distance(Stationary(effective, stepSize), StationaryLaw.Covariance(wrong)) > 1e-3);
    }

    public static TheoryData<string> Kernels { get; } = ["plain", "regularised", "per point", "per point, unadjusted"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_moved_network_reproduces_its_samples_and_keeps_inputs_and_features(string name)
    {
        SamplerLangevin sampler = new(2, 24, 10, new DenseArchitecture([64]), Kernel(name), 4, new StepSizeAdaptation(1e-3), DType.Float64);
        TensorTree before = sampler.Initialize(RandomKey.FromSeed(8));
        LatentDensity density = Gaussian(24);
        SamplerMove move = sampler.Move(RandomKey.FromSeed(9), density, before, sampler.InitializeAdaptation());
        Assert.True(Distance(move.Run.Latents[^1], sampler.Samples(move.Parameters)) < 1e-10);
        Assert.True(Distance(sampler.Samples(before), move.Run.Start) < 1e-12);
        Assert.NotEqual(before["lastLayer"].ToArray(), move.Parameters["lastLayer"].ToArray());
        Assert.All(before.Where(leaf => leaf.Key != "lastLayer"), leaf => Assert.Equal(leaf.Value.ToArray(), move.Parameters[leaf.Key].ToArray()));
        EnergyCase.RequireEqual(before, sampler.Initialize(RandomKey.FromSeed(8)));
        Assert.NotEqual(before["inputs"].ToArray(), sampler.Initialize(RandomKey.FromSeed(10))["inputs"].ToArray());
        Assert.Equal(new Shape(24, 10), before["inputs"].Shape);
    }

    /// <summary>64 samples after each of 60 moves of 10 transitions: 3,840 draws, nearly independent; a mean has a deviation of about 0.02, a variance 0.03.</summary>
    [Fact]
    public void Per_point_moves_keep_an_energy_prior()
    {
        LatentEnergy energy = new(2, new LinearArchitecture(), 0, DType.Float64);
        EnergyPrior prior = energy.Prior(energy.Initialize(RandomKey.FromSeed(1)).With("weight", Tensor.FromArray([1.0, -0.7], 1, 2)));
        SamplerLangevin sampler = new(2, 64, 16, new DenseArchitecture([256]), new DatapointLangevin(), 10, new StepSizeAdaptation(0.5), DType.Float64);
        TensorTree parameters = sampler.Initialize(RandomKey.FromSeed(2));
        TensorTree adaptation = sampler.InitializeAdaptation();
        List<Tensor> kept = [];
        for (int i = 0; i < 70; i++)
        {
            SamplerMove move = sampler.Move(RandomKey.FromSeed(3).FoldIn((ulong)i), prior.Density(64, 2, DType.Float64), parameters, adaptation);
            (parameters, adaptation) = (move.Parameters, move.Adaptation);
            kept.Add(sampler.Samples(parameters));
        }

        Tensor z = Shaping.Join(0, [.. kept.Skip(10)]);
        double[] mean = z.Mean(0).ToArray();
        Assert.Equal(-1, mean[0], 0.12);
        Assert.Equal(0.7, mean[1], 0.12);
        Assert.All((z - z.Mean(0)).Square().Mean(0).ToArray(), value => Assert.Equal(1, value, 0.18));
    }

    [Fact]
    public void More_samples_than_features_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerLangevin(
        2, 65, 10, new DenseArchitecture([64]), new DatapointLangevin(), 1, new StepSizeAdaptation(0.1), DType.Float64));

    private static ILatentKernel Kernel(string name) => name switch
    {
        "plain" => new PlainAmortizedLangevin(),
        "regularised" => new PreconditionedAmortizedLangevin(0.3),
        "per point" => new DatapointLangevin(),
        _ => new PreconditionedAmortizedLangevin(0, metropolis: false),
    };

    /// <summary>The unadjusted kernel of a sampler with as many linear features as points, its chart from positions to vec(Z̃) (as rows), the effective K and η.</summary>
    private static (AffineMap Map, Tensor Chart, Tensor Effective, double StepSize) Read(double? regularization)
    {
        ILatentKernel kernel = regularization is { } relative ? new PreconditionedAmortizedLangevin(relative, metropolis: false) : new PlainAmortizedLangevin(metropolis: false);
        SamplerLangevin sampler = new(2, Points, Points, new LinearArchitecture(), kernel, 1, new StepSizeAdaptation(0.1), DType.Float64);
        TensorTree parameters = sampler.Initialize(RandomKey.FromSeed(20_261_127));
        Tensor g = sampler.Features(parameters);
        Tensor gram = LatentCoordinates.Gram(g);
        if (regularization is { } lambda)
        {
            double mean = gram.SymmetricEigen().Values.Mean().ToDouble();
            Tensor mixing = gram.MatMul(ConjugateToy.Inverse(gram + (lambda * mean * Tensor.Identity(Points, DType.Float64))));
            gram = mixing.MatMul(mixing);
        }

        double[] k = gram.ToArray();
        Tensor effective = Tensor.FromArray([.. Enumerable.Range(0, Size * Size).Select(at => at / Size % 2 == at % Size % 2 ? k[(at / Size / 2 * Points) + (at % Size / 2)] : 0)], Size, Size);
        double stepSize = 1.1 / (gram.SymmetricEigen().Values.Max(0).ToDouble() * 2.1);
        LatentCoordinates coordinates = kernel.Coordinates(Gaussian(Points), g, parameters["lastLayer"]);
        Tensor origin = coordinates.ToLatents(Tensor.Zeros(new Shape(1, Size), DType.Float64)).Reshape(1, Size);
        Tensor chart = coordinates.ToLatents(Tensor.Identity(Size, DType.Float64)).Reshape(Size, Size) - origin;
        return (AffineMap.ReadOff(kernel.On(coordinates, stepSize)), chart, effective, stepSize);
    }

    /// <summary>p = N(0, A⁻¹) for every sample.</summary>
    private static LatentDensity Gaussian(int points) => new(points, 2, DType.Float64, z =>
    {
        Tensor gradient = -z.MatMul(Tensor.FromArray(Precision, 2, 2));
        return new Lae.Targets.LogDensityAndGradient(0.5 * Reductions.DotRows(z, gradient), gradient);
    });

    private static Tensor Stationary(Tensor effective, double stepSize)
    {
        Tensor whole = A - (0.5 * stepSize * A.MatMul(effective).MatMul(A));
        return ConjugateToy.Inverse(0.5 * (whole + whole.Transpose()));
    }

    private static Tensor Expanded(Func<int, int, bool> blocks, double[] block)
    {
        double[] whole = new double[Size * Size];
        for (int at = 0; at < whole.Length; at++)
        {
            (int row, int column) = (at / Size, at % Size);
            whole[at] = blocks(row / 2, column / 2) ? block[(row % 2 * 2) + (column % 2)] : 0;
        }

        return Tensor.FromArray(whole, Size, Size);
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).Abs().Flatten().Max(0).ToDouble() / (1 + a.Abs().Flatten().Max(0).ToDouble());
}
