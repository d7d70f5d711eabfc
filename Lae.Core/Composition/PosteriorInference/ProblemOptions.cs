using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Networks;
using Lae.Numerics;
using Lae.PosteriorInference;
using Lae.Randomness;

namespace Lae.Composition;

/// <summary>Options of problems with observations.</summary>
public abstract record ObservedProblemOptions : IInferenceProblemFactory
{
    /// <summary>n, points drawn from the model, in [1, 1000]; where x is given it is as many.</summary>
    [Description("points drawn from the model; not used where X is given")]
    [Range(1, 1000)]
    public int Points { get; init; } = 3;

    /// <summary>The observed points in place of drawn ones, row by row.</summary>
    [Description("the observed points in place of drawn ones, row by row")]
    public double[]? X { get; init; }

    /// <inheritdoc/>
    public abstract InferenceProblem Create(RandomKey key, Workspace workspace);

    private protected Tensor Observations(int columns, Workspace workspace, Func<int, Tensor> draw)
    {
        if (X is null)
        {
            return draw(Points).CopyTo(workspace);
        }

        return X.Length > 0 && X.Length % columns == 0
            ? Tensor.FromSpan<double>(workspace, X, new Shape(X.Length / columns, columns))
            : throw new OptionException(nameof(X), $"rows of {columns} {(columns == 1 ? "number" : "numbers")} are needed, and {X.Length} are given");
    }
}

/// <summary>Options of the conjugate toy.</summary>
[Description("z ~ N(0, I), x | z ~ N(z, Covariance): the posterior is known in closed form")]
public sealed record ConjugateGaussianOptions : ObservedProblemOptions
{
    /// <summary>Σ: d × d numbers row by row.</summary>
    [Description("covariance of x about z, d x d numbers row by row; 1 number is the univariate toy")]
    [MinLength(1)]
    public double[] Covariance { get; init; } = [0.7, 0.6, 0.6, 0.8];

    /// <inheritdoc/>
    public override InferenceProblem Create(RandomKey key, Workspace workspace)
    {
        int d = (int)Math.Round(Math.Sqrt(Covariance.Length));
        if (d * d != Covariance.Length)
        {
            throw new OptionException(nameof(Covariance), $"d x d numbers are needed, and {Covariance.Length} are given");
        }

        Tensor covariance = Tensor.FromArray([.. Covariance], d, d);
        try
        {
            // its factor is needed to draw points, before the problem itself would check the matrix
            Targets.SymmetricMatrix.Require(covariance, nameof(Covariance));
            covariance.Cholesky();
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException)
        {
            throw new OptionException(nameof(Covariance), "it must be a symmetric positive definite matrix");
        }

        return ConjugateGaussian.Create(Observations(d, workspace, points => ConjugateGaussian.Simulate(key.FoldIn(0), points, covariance)), covariance);
    }
}

/// <summary>Options of the neural likelihood.</summary>
[Description("z ~ N(0, I), x | z ~ N(h(z), NoiseDeviation^2 I) with a random network h; the reference is long MALA chains for each point")]
public sealed record NeuralLikelihoodOptions : ObservedProblemOptions
{
    /// <summary>Columns of z, in [1, 256].</summary>
    [Description("dimension of the latent variable")]
    [Range(1, 256)]
    public int LatentSize { get; init; } = 2;

    /// <summary>Columns of x, in [1, 4096].</summary>
    [Description("columns of an observation")]
    [Range(1, 4096)]
    public int Columns { get; init; } = 2;

    /// <summary>The architecture of h.</summary>
    [Description("the decoder network h, at its random start")]
    [DefaultValue("Dense")]
    public INetworkArchitecture Decoder { get; init; } = new DenseArchitecture([256, 256]);

    /// <summary>What its weights are multiplied by, positive.</summary>
    [Description("what the weights of h are multiplied by: above 1 it bends more")]
    [Range(1e-6, 1e6)]
    public double Gain { get; init; } = 1;

    /// <summary>σ, positive.</summary>
    [Description("deviation of x about h(z)")]
    [Range(1e-6, 1e6)]
    public double NoiseDeviation { get; init; } = 0.5;

    /// <summary>Transitions of the reference chains from one draw to the next, in [1, 100000].</summary>
    [Description("transitions of the reference chains (100 for each point, after 2,000 of burn-in) from one draw to the next")]
    [Range(1, 100_000)]
    public int ReferenceApart { get; init; } = 50;

    /// <inheritdoc/>
    public override InferenceProblem Create(RandomKey key, Workspace workspace)
    {
        NeuralLikelihood model = new(key.FoldIn(1), LatentSize, Columns, Decoder, Gain, NoiseDeviation);
        return model.Problem(Observations(Columns, workspace, points => model.Simulate(key.FoldIn(0), points)), ReferenceApart);
    }
}

/// <summary>Options of the ring.</summary>
[Description("a ring of equal Gaussians in the plane, without observations; the reference is exact draws")]
public sealed record RingMixtureOptions : IInferenceProblemFactory
{
    /// <summary>Modes, in [3, 1000].</summary>
    [Description("Gaussians on the ring")]
    [Range(3, 1000)]
    public int Modes { get; init; } = 8;

    /// <summary>The radius, positive.</summary>
    [Description("radius of the ring")]
    [Range(1e-6, 1e6)]
    public double Radius { get; init; } = 2;

    /// <summary>The deviation of each, positive.</summary>
    [Description("deviation of each Gaussian")]
    [Range(1e-6, 1e6)]
    public double Deviation { get; init; } = 0.2;

    /// <inheritdoc/>
    public InferenceProblem Create(RandomKey key, Workspace workspace) => RingProblem.Create(Modes, Radius, Deviation);
}
