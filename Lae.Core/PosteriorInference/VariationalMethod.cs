using Lae.Kernels;
using Lae.Models;
using Lae.Networks;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.PosteriorInference;

/// <summary>What amortized variational inference on fixed points is made of.</summary>
/// <param name="Encoder">The architecture of the features g.</param>
/// <param name="Posterior">The family of q(z | x).</param>
/// <param name="Optimizer">What ascends the bound.</param>
/// <param name="Steps">Steps of it, 0 or more.</param>
/// <param name="Samples">Draws of z for each point and step, in [1, 1000].</param>
public sealed record VariationalParts(INetworkArchitecture Encoder, IPosteriorFamily Posterior, IOptimizer Optimizer, int Steps, int Samples);

/// <summary>
/// Amortized variational inference on fixed points, by the families and the objective of the variational autoencoder with the decoder known:
/// <code>
///     ascend  (1/n) Σ_i ELBO(x_i),   q(z | x) of a family on features g(x);   draws are those of q
/// </code>
/// The parameters are averaged over the last quarter of the steps (Polyak and Juditsky 1992), so that the noise of a constant step size is not told as an error of the family.
/// Its figure: <c>evidenceBound</c>, the mean over the points of the bound at the end, in nats, by 1,000 draws.
/// </summary>
/// <param name="parts">Its parts.</param>
/// <param name="name">What it is called; null for a name with the family's.</param>
public sealed class VariationalMethod(VariationalParts parts, string? name = null) : IInferenceMethod
{
    private const int BoundDraws = 1000;

    /// <summary>Of so many equal parts of the steps the last is averaged.</summary>
    private const int AveragedPart = 4;

    private readonly StandardNormalPrior prior = new();

    /// <inheritdoc/>
    public string Name => name ?? $"variational, {parts.Posterior.Name}";

    /// <inheritdoc/>
    public void RequireFits(InferenceProblem problem)
    {
        if (problem.Observed is null)
        {
            throw new ArgumentException($"amortized variational inference encodes observations, and a {problem.Name} has none");
        }

        _ = parts.Posterior.Create(parts.Encoder.Features(new RowForm(problem.Observed.X.Shape[1])).OutputSize, problem.LatentSize); // both refuse what they cannot take
    }

    /// <inheritdoc/>
    public InferredDraws Infer(RandomKey key, InferenceProblem problem, int draws)
    {
        RequireFits(problem);
        ObservedModel observed = problem.Observed!;
        INetwork features = parts.Encoder.Features(new RowForm(observed.X.Shape[1]));
        IPosteriorHead head = parts.Posterior.Create(features.OutputSize, problem.LatentSize);
        EvidenceObjective objective = new(parts.Samples);
        TensorTree parameters = features.Initialize(key.FoldIn(0), DType.Float64).Prefixed("features")
            .Join(head.Initialize(key.FoldIn(1), DType.Float64).Prefixed("posterior")).Map(leaf => leaf.CopyTo(observed.X.Workspace));
        TensorTree optimizer = parts.Optimizer.Initialize(parameters);
        TensorTree average = parameters;
        int averagedFrom = parts.Steps - (parts.Steps / AveragedPart);
        for (int step = 0; step < parts.Steps; step++)
        {
            RandomKey own = key.FoldIn(2).FoldIn((ulong)step);
            ValueAndTreeGradient loss = Differentiation.ValueAndGradient(tree => -Bound(own, objective, tree), parameters);
            if (!double.IsFinite(loss.Value.ToDouble()))
            {
                throw new NonFiniteStateException("the evidence bound", step + 1);
            }

            (parameters, optimizer) = parts.Optimizer.Descend(loss.Gradient, parameters, optimizer);
            average = step <= averagedFrom ? parameters : average.Zip(parameters, (mean, next) => Elementwise.ScaleAdd(1.0 / (step - averagedFrom + 1), next - mean, mean));
        }

        parameters = average;
        Tensor latents = Posterior(parameters).Sample(key.FoldIn(3), draws).Latents.Reshape(draws, problem.Points, problem.LatentSize);
        double bound = Bound(key.FoldIn(4), new EvidenceObjective(BoundDraws), parameters).ToDouble();
        return new InferredDraws(latents, Chains: 1, new Dictionary<string, double> { ["evidenceBound"] = bound });

        IAmortizedPosterior Posterior(TensorTree tree) => head.Posterior(tree.Under("posterior"), features.Apply(tree.Under("features"), observed.X));

        Tensor Bound(RandomKey own, EvidenceObjective by, TensorTree tree) => by.Estimate(
            own, Posterior(tree), prior, z => observed.LogLikelihood(z, RowBlocks.Repeat(observed.X, z.Shape[0] / problem.Points))).Bound;
    }
}
