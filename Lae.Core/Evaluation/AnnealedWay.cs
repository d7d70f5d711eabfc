using Lae.Kernels;
using Lae.Models;
using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// Annealed importance sampling along p₀^{1−β} p₁^β, chains of several observations side by side:
/// <code>
///     forward   z_0 ~ p₀,   ln w = Σ_{k=1}^{K} (β_k − β_{k−1}) (log p₁ − log p₀)(z_{k−1}),   z_k ~ T_k(z_{k−1}, ·),   E w = Z₁/Z₀
///     reverse   z_K ~ p₁/Z₁,   ln w = Σ_{k=K}^{1} (β_{k−1} − β_k) (log p₁ − log p₀)(z_k),   z_{k−1} ~ T_{k−1}(z_k, ·),   E w = Z₀/Z₁
/// </code>
/// with MALA transitions T_k that leave p₀^{1−β_k} p₁^{β_k} invariant. Their step sizes are found on pilot chains of another key and then frozen, so that the expectations hold exactly. One gradient for each transition: the estimate
/// itself costs no more, where <see cref="Annealing.AnnealedImportanceSampling"/>, which takes any kernel, pays one more at each β. Weights are summed in double precision. Sources: Neal, Statistics and Computing 11 (2001);
/// Grosse, Ghahramani and Adams (2015) for the reverse.
/// </summary>
/// <param name="bridge">p₀ and p₁.</param>
/// <param name="settings">Schedule and transitions.</param>
internal sealed class AnnealedWay(LatentBridge bridge, AnnealedLikelihoodSettings settings)
{
    private const double FirstStepSize = 0.1;

    /// <summary>Pilot transitions at the first β, where the step size starts from anywhere; one at each β after it, where it goes on from the β before.</summary>
    private const int FirstPilotTransitions = 60;

    /// <summary>Ten transitions or so carry the step size to where the acceptance is as wished: fast enough to follow a posterior that narrows along the way.</summary>
    private const double Gain = 0.6;

    /// <summary>h_0 … h_K, the step sizes at each β.</summary>
    /// <param name="key">The key of the pilot run, apart from that of the run.</param>
    /// <param name="start">z_0, [rows, d_z], in a pooled workspace.</param>
    public double[] StepSizes(RandomKey key, Tensor start)
    {
        StepSizeAdaptation adaptation = new(FirstStepSize, settings.TargetAcceptance, Gain);
        TensorTree stepSize = adaptation.Initialize();
        double[] found = new double[settings.Schedule.Length];
        Workspace workspace = start.Workspace;
        Chains chains = Chains.Range(start.Shape[0]);
        int mark = workspace.Mark();
        LatentBridgeState state = bridge.At(start);
        long step = 0;
        for (int k = 0; k < found.Length; k++)
        {
            int transitions = k == 0 ? FirstPilotTransitions : 1;
            for (int i = 0; i < transitions; i++, step++)
            {
                Transition<LatentBridgeState> next = bridge.Move(
                    new NoiseSource(key, step, chains, workspace), state, settings.Schedule[k], StepSizeAdaptation.StepSize(stepSize));
                state = next.State;
                stepSize = adaptation.Adapt(stepSize, next.Info.MeanAcceptance, workspace.Heap);
                Collect(workspace, mark, state);
            }

            found[k] = StepSizeAdaptation.StepSize(stepSize);
        }

        workspace.Collect(mark);
        return found;
    }

    /// <summary>ln w of every row.</summary>
    /// <param name="key">The key of the transitions.</param>
    /// <param name="start">Exact draws of the end where the way begins, [rows, d_z], in a pooled workspace.</param>
    /// <param name="stepSizes">h_0 … h_K.</param>
    /// <param name="reverse">Whether from β = 1 down to 0.</param>
    /// <exception cref="NonFiniteStateException">A weight is not finite.</exception>
    public double[] LogWeights(RandomKey key, Tensor start, double[] stepSizes, bool reverse)
    {
        Workspace workspace = start.Workspace;
        int rows = start.Shape[0];
        Chains chains = Chains.Range(rows);
        double[] logWeights = new double[rows];
        int mark = workspace.Mark();
        LatentBridgeState state = bridge.At(start);
        int last = settings.Schedule.Length - 1;
        long step = 0;
        for (int j = 1; j <= last; j++)
        {
            int k = reverse ? last - j : j;
            double rise = settings.Schedule[k] - settings.Schedule[reverse ? k + 1 : k - 1];
            double[] p0 = state.StartLogDensity.ToArray();
            double[] p1 = state.EndLogDensity.ToArray();
            for (int row = 0; row < rows; row++)
            {
                logWeights[row] += rise * (p1[row] - p0[row]);
                if (!double.IsFinite(logWeights[row]))
                {
                    throw new NonFiniteStateException("a log weight", j);
                }
            }

            for (int i = 0; i < settings.Transitions && j < last; i++, step++)
            {
                state = bridge.Move(new NoiseSource(key, step, chains, workspace), state, settings.Schedule[k], stepSizes[k]).State;
                Collect(workspace, mark, state);
            }
        }

        workspace.Collect(mark);
        return logWeights;
    }

    private static void Collect(Workspace workspace, int mark, LatentBridgeState state) =>
        workspace.Collect(mark, state.Position, state.StartLogDensity, state.StartGradient, state.EndLogDensity, state.EndGradient);
}
